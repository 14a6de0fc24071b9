import { beforeAll, describe, expect, test, vi } from "vitest";
import { findingsOfResources } from "../support/aws-models/resources/index.ts";
import { PROJECT } from "../support/project.ts";
import { SESSION_SECONDS } from "../../bootstrap/trust.ts";
import { policiesOf } from "../../contract/iam/policy.ts";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}
const ACCOUNT = "123456789012";
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:releases`;

const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const FOUND = { arn: PROVIDER, clientIdLists: ["sts.amazonaws.com"] };
interface Booted {
  readonly made: readonly Made[];
  readonly outputs: unknown;
}

/** What the program makes with this configuration. */
async function boot(
  config: Readonly<Record<string, unknown>>,
  { region = "eu-central-1" } = {},
): Promise<Booted> {
  vi.resetModules();
  const runtime = await import("@pulumi/pulumi");
  const made: Made[] = [];
  const calls: Readonly<Record<string, Record<string, unknown> | undefined>> = {
    "aws:index/getPartition:getPartition": { partition: "aws" },
    "aws:index/getRegion:getRegion": { region },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": FOUND,
  };
  await runtime.runtime.setMocks(
    {
      newResource: ({ type, name, id, inputs }) => {
        // What has an id is read.
        if (id) return { id, state: { ...inputs, arn: id } };
        made.push({ type, name, inputs });
        const arn = type === "aws:kms/key:Key" ? KEY : `arn:aws:iam::${ACCOUNT}:thing/${name}`;
        return {
          id: `${name}-id`,
          state: { ...inputs, arn, repositoryUrl: name, keyId: "11111111-2222-3333-4444-555555555555" },
        };
      },
      call: ({ token }) => {
        const answer = calls[token];
        if (answer === undefined) throw new Error(`no ${token}`);
        return answer;
      },
    },
    "account-bootstrap",
    "account",
  );
  const texts = Object.entries({ project: PROJECT, oidcProvider: "create", ...config }).map(
    ([key, value]) => [`account-bootstrap:${key}`, typeof value === "string" ? value : JSON.stringify(value)],
  );
  runtime.runtime.setAllConfig(Object.fromEntries(texts));
  const exported = await runtime.runtime.runInPulumiStack(
    async () => (await import("../../bootstrap/index.ts")).default,
  );
  const outputs = await new Promise((resolve) => {
    runtime.output(exported).apply(resolve);
  });
  await runtime.runtime.disconnect();
  return { made, outputs };
}

const HASH = "b1af230c";
const REPOSITORIES = [{ name: "octo/models", ownerId: 1001, id: 2002 }];
const STACKS = { prod: { notifyTopicArn: TOPIC, preview: true }, dev: "{}" };

describe("the bootstrap program", () => {
  let made: readonly Made[];
  let outputs: unknown;
  const of = (type: string) => made.filter((one) => one.type === type);
  const find = (type: string, name: string) => {
    const [only, ...others] = of(type).filter((one) => one.name === name);
    if (only === undefined || others.length > 0) throw new Error(`not one ${type} ${name}`);
    return only.inputs;
  };
  const role = (stack: string, use: string) => `${PROJECT}-${stack}-eu-central-1-${HASH}-${use}`;

  beforeAll(async () => {
    ({ made, outputs } = await boot({ repositories: REPOSITORIES, stacks: STACKS }));
  });

  test("makes roles for each stack, each with the policies that the contract makes of its calls", () => {
    expect(of("aws:iam/role:Role").map(({ name }) => name)).toEqual([
      ...["preview", "deploy", "revert"].map((use) => role("prod", use)),
      // A branch's code may open secrets where a person has asked for it, and nowhere else.
      ...["deploy", "revert"].map((use) => role("dev", use)),
    ]);
    const place = {
      partition: "aws",
      region: "eu-central-1",
      accountId: ACCOUNT,
      project: PROJECT,
      stack: "prod",
      stateBucket: `${PROJECT}-${ACCOUNT}-eu-central-1-${HASH}`,
      stateKeyArn: KEY,
      notifyTopicArn: TOPIC,
    };
    for (const use of ["preview", "deploy", "revert"] as const) {
      const documents = of("aws:iam/policy:Policy")
        .filter(({ name }) => name.startsWith(`${role("prod", use)}-`))
        .map(({ inputs }) => JSON.parse(String(inputs["policy"])));
      expect(documents).toEqual(policiesOf(use, place));
      expect(
        of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
          name.startsWith(`${role("prod", use)}-`),
        ).length,
      ).toBe(documents.length);
    }
  });

  test("lets GitHub in by exact subjects, and nobody else", () => {
    const { assumeRolePolicy, maxSessionDuration } = find("aws:iam/role:Role", role("prod", "deploy"));
    expect(maxSessionDuration).toBe(SESSION_SECONDS);
    expect(String(assumeRolePolicy)).toContain('"repo:octo/models:environment:prod"');
    expect(String(assumeRolePolicy)).toContain('"repo:octo@1001/models@2002:environment:prod"');
    const provider = find("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "github");
    expect(provider).toMatchObject({
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    });
  });

  test("keeps state encrypted, versioned, closed, and reachable over TLS alone", () => {
    expect(find("aws:s3/bucketVersioning:BucketVersioning", "state")).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(
      JSON.stringify(
        of("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      ),
    ).toContain(KEY);
    expect(find("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "state")).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(String(find("aws:s3/bucketPolicy:BucketPolicy", "state")["policy"])).toContain(
      "aws:SecureTransport",
    );
    expect(find("aws:kms/key:Key", "state")["enableKeyRotation"]).toBe(true);
  });

  test("scans images, and gives no tag to a second one", () => {
    expect(find("aws:ecr/repository:Repository", "images")).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    });
  });

  test("says what goes into GitHub's variables", () => {
    expect(outputs).toMatchObject({
      backendUrl: "s3://state-id",
      secretsProvider: `awskms://alias/${PROJECT}-${HASH}?region=eu-central-1`,
      roles: { prod: { deploy: expect.stringContaining(role("prod", "deploy")) } },
    });
  });
});

/** What no two bootstraps of an account may both have: names of roles and policies, of buckets, aliases, repositories. */
function namesIn(made: readonly Made[], ofAnyRegion: boolean): readonly string[] {
  const global = ["aws:iam/role:Role", "aws:iam/policy:Policy", "aws:s3/bucket:Bucket"];
  const regional = ["aws:kms/alias:Alias", "aws:ecr/repository:Repository"];
  const types = ofAnyRegion ? global : [...global, ...regional];
  return made
    .filter(({ type }) => types.includes(type))
    .map(({ type, inputs }) => `${type} ${String(inputs["name"] ?? inputs["bucket"])}`);
}

describe("two bootstraps of an account", () => {
  const shared = (a: readonly string[], b: readonly string[]) => a.filter((name) => b.includes(name));
  const whole = { repositories: REPOSITORIES, stacks: STACKS };

  test("share no name in two regions, nor for two repositories of one project", async () => {
    const first = await boot(whole);
    const elsewhere = await boot(whole, { region: "us-east-1" });
    const another = await boot({ ...whole, repositories: [{ name: "octo/website" }] });
    expect(namesIn(first.made, false).length).toBeGreaterThan(10);
    expect(shared(namesIn(first.made, true), namesIn(elsewhere.made, true))).toEqual([]);
    expect(shared(namesIn(first.made, false), namesIn(another.made, false))).toEqual([]);
  });

  test("have names that AWS takes, however long project, stack and region are", async () => {
    const project = `${"a-model-with-a-long-name-".padEnd(30, "x")}y`;
    const stacks = { [`${"s".repeat(60)}1`]: {}, [`${"s".repeat(60)}2`]: {} };
    const { made } = await boot({ ...whole, project, stacks }, { region: "ap-southeast-1" });
    const lengths = (type: string, key: string) =>
      made.filter((one) => one.type === type).map(({ inputs }) => String(inputs[key]).length);
    // IAM: 64 for a role, 128 for a policy. S3: 63.
    expect(Math.max(...lengths("aws:iam/role:Role", "name"))).toBeLessThanOrEqual(64);
    expect(Math.max(...lengths("aws:iam/policy:Policy", "name"))).toBeLessThanOrEqual(128);
    expect(Math.max(...lengths("aws:s3/bucket:Bucket", "bucket"))).toBeLessThanOrEqual(63);
    const roles = made.filter(({ type }) => type === "aws:iam/role:Role").map(({ name }) => name);
    expect(new Set(roles).size).toBe(4);
  });

  test("of version 0.1 keeps its names when it is told so", async () => {
    const { made } = await boot({ ...whole, keepNames: "true" });
    for (const name of [
      `aws:iam/role:Role ${PROJECT}-prod-deploy`,
      `aws:s3/bucket:Bucket ${PROJECT}-${ACCOUNT}-eu-central-1`,
      `aws:kms/alias:Alias alias/${PROJECT}`,
      `aws:ecr/repository:Repository ${PROJECT}`,
    ]) {
      expect(namesIn(made, false)).toContain(name);
    }
  });
});

describe("GitHub's OIDC provider", () => {
  const PROVIDERS = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
  const existing = { oidcProvider: "existing", repositories: REPOSITORIES, stacks: { prod: {} } };

  test("that the account has is looked up, and is no resource of this stack, which a destroy would take", async () => {
    const { made } = await boot(existing);
    expect(made.filter(({ type }) => type.includes("penIdConnect"))).toEqual([]);
    const roles = made.filter(({ type }) => type === "aws:iam/role:Role");
    for (const { inputs } of roles) expect(String(inputs["assumeRolePolicy"])).toContain(`"${PROVIDER}"`);
  });

  test("is made once where it is asked for", async () => {
    const { made } = await boot({ ...existing, oidcProvider: "create" });
    expect(made.filter(({ type }) => type === PROVIDERS).length).toBe(1);
  });
});

test("A permissions boundary and a path are those of every role, and bind the roles that the stack may make", async () => {
  const permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
  const bound = { permissionsBoundaryArn, rolePath: "/teams/ml/" };
  const { made } = await boot({ repositories: REPOSITORIES, stacks: { prod: {} }, ...bound });
  const roles = made.filter(({ type }) => type === "aws:iam/role:Role");
  expect(roles.length).toBe(2);
  for (const { inputs } of roles) {
    expect(inputs).toMatchObject({ permissionsBoundary: permissionsBoundaryArn, path: "/teams/ml/" });
  }
  const policies = made
    .filter(({ type, name }) => type === "aws:iam/policy:Policy" && name.includes("-deploy-"))
    .map(({ inputs }) => String(inputs["policy"]))
    .join("\n");
  expect(policies).toContain(`:role/teams/ml/${PROJECT}_prod_??????/*`);
  expect(policies).toContain(`{"StringEquals":{"iam:PermissionsBoundary":"${permissionsBoundaryArn}"}}`);
});

describe("what the bootstrap asks of AWS", () => {
  const long = { name: `${"o".repeat(39)}/${"r".repeat(100)}`, ownerId: 100_000_001, id: 1_000_000_001 };

  test.each([
    ["as the documents show it", { repositories: REPOSITORIES, stacks: STACKS }],
    ["with the names of 0.1", { repositories: REPOSITORIES, stacks: STACKS, keepNames: "true" }],
    [
      "with a boundary, a path, a long repository and a long stack",
      {
        repositories: [long],
        stacks: { ["s".repeat(60)]: { preview: true } },
        permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
        rolePath: "/teams/ml/",
      },
    ],
  ])("is nothing that AWS refuses: %s", async (_what, config) => {
    const { made } = await boot(config);
    expect(findingsOfResources(made)).toEqual([]);
  });
});
