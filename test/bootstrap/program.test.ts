import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
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
const CALLS: Readonly<Record<string, Record<string, unknown>>> = {
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:index/getRegion:getRegion": { region: "eu-central-1" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
};

describe("the bootstrap program", () => {
  const made: Made[] = [];
  let outputs: unknown;
  const of = (type: string) => made.filter((one) => one.type === type);
  const find = (type: string, name: string) => {
    const [only, ...others] = of(type).filter((one) => one.name === name);
    if (only === undefined || others.length > 0) throw new Error(`not one ${type} ${name}`);
    return only.inputs;
  };

  beforeAll(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          made.push({ type, name, inputs });
          const arn = type === "aws:kms/key:Key" ? KEY : `arn:aws:iam::${ACCOUNT}:thing/${name}`;
          return {
            id: `${name}-id`,
            state: { ...inputs, arn, keyId: "11111111-2222-3333-4444-555555555555" },
          };
        },
        call: ({ token }) => CALLS[token] ?? {},
      },
      "account-bootstrap",
      "account",
    );
    pulumi.runtime.setAllConfig({
      "account-bootstrap:project": PROJECT,
      "account-bootstrap:repository": "octo/models",
      "account-bootstrap:repositoryIds": JSON.stringify({ owner: 1001, repository: 2002 }),
      "account-bootstrap:stacks": JSON.stringify({ prod: { notifyTopicArn: TOPIC }, dev: "{}" }),
    });
    const exported = await pulumi.runtime.runInPulumiStack(
      async () => (await import("../../bootstrap/index.ts")).default,
    );
    outputs = await new Promise((resolve) => {
      pulumi.output(exported).apply(resolve);
    });
    await pulumi.runtime.disconnect();
  });

  test("makes three roles a stack, each with the policies that the contract makes of its calls", () => {
    expect(of("aws:iam/role:Role").map(({ name }) => name)).toEqual(
      ["prod", "dev"].flatMap((stack) =>
        ["preview", "deploy", "revert"].map((role) => `${PROJECT}-${stack}-${role}`),
      ),
    );
    const place = {
      partition: "aws",
      region: "eu-central-1",
      accountId: ACCOUNT,
      project: PROJECT,
      stack: "prod",
      stateBucket: `${PROJECT}-${ACCOUNT}-eu-central-1`,
      stateKeyArn: KEY,
      notifyTopicArn: TOPIC,
    };
    for (const role of ["preview", "deploy", "revert"] as const) {
      const documents = of("aws:iam/policy:Policy")
        .filter(({ name }) => name.startsWith(`${PROJECT}-prod-${role}-`))
        .map(({ inputs }) => JSON.parse(String(inputs["policy"])));
      expect(documents).toEqual(policiesOf(role, place));
      expect(
        of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
          name.startsWith(`${PROJECT}-prod-${role}-`),
        ).length,
      ).toBe(documents.length);
    }
  });

  test("lets GitHub in by exact subjects, and nobody else", () => {
    const { assumeRolePolicy, maxSessionDuration } = find("aws:iam/role:Role", `${PROJECT}-prod-deploy`);
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
      secretsProvider: "awskms://11111111-2222-3333-4444-555555555555?region=eu-central-1",
      roles: { prod: { deploy: expect.stringContaining("prod-deploy") } },
    });
  });
});
