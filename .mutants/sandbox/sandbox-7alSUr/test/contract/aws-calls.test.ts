import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROJECT } from "../support/project.ts";
import { PRODUCT_CALLS, ROLES, type Role } from "../../contract/iam/aws-calls.ts";
import type { PolicyPlace } from "../../contract/iam/place.ts";
import { policiesOf, permissionsOf, type Statement } from "../../contract/iam/policy.ts";
import { RESOURCE_TYPES } from "../../contract/iam/resource-types.ts";
import { SCOPES, type Scope } from "../../contract/iam/scopes.ts";
import { runProgram } from "../support/pulumi-mocks.ts";
import { TOKEN, TWO_SLOTS, ZONE } from "../infra/configs.ts";

const root = join(import.meta.dirname, "../..");
const PLACE: PolicyPlace = {
  partition: "aws",
  region: "eu-central-1",
  accountId: "123456789012",
  project: PROJECT,
  stack: "prod",
};
const SHARED = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/shared/a/b";
const FULL: PolicyPlace = {
  ...PLACE,
  listenerArn: SHARED,
  vpcId: "vpc-1",
  notifyTopicArn: "arn:aws:sns:eu-central-1:123456789012:releases",
  modelPackageGroups: ["Fraud"],
  taskPolicyArns: ["arn:aws:iam::123456789012:policy/reads-models"],
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  hostName: "model.example.com",
  stateBucket: "state",
  labelBucket: "labels",
  stateKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
  rolePath: "/teams/ml/",
  permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
};

const statements = (role: Role, place = PLACE): readonly Statement[] =>
  policiesOf(role, place).flatMap(({ Statement }) => Statement);
const isRead = (action: string) => /:(Describe|Get|List)|^kms:Decrypt$/.test(action);

describe("the list of AWS calls", () => {
  it("names every command that the adapters send, and no other", () => {
    const folder = join(root, "validation/adapters");
    const sent = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith("judge/"))
      .flatMap((file) => [
        ...readFileSync(join(folder, file), "utf8").matchAll(/new (\w+)Command\(|\bpaginate(\w+)\(/g),
      ])
      .map(([, command, paged]) => command ?? paged)
      // IAM: it needs no right.
      .filter((name) => name !== "GetCallerIdentity")
      // IAM: the right to ListObjectsV2 is called so.
      .map((name) => (name === "ListObjectsV2" ? "ListBucket" : name));
    const listed = PRODUCT_CALLS.filter(({ by }) => PORTS.has(by)).map(({ action }) => action.split(":")[1]);
    expect([...new Set(sent)].toSorted()).toEqual([...new Set(listed)].toSorted());
  });

  it("leaves out the calls of the judge, which its own document names", () => {
    const source = readFileSync(join(root, "validation/adapters/judge/ecs-deployments.ts"), "utf8");
    const sent = [...source.matchAll(/new (\w+)Command\(/g)].map(([, command]) => command);
    const document = readFileSync(join(root, "docs/fleet/judge.md"), "utf8");
    expect(sent.length).toBeGreaterThan(2);
    expect(sent.filter((command) => !document.includes(`\`ecs:${command}\``))).toEqual([]);
  });

  it("says why for each call and each scope", () => {
    const words = [...PRODUCT_CALLS, ...Object.values<Scope>(SCOPES)].map(({ why }) => why);
    for (const why of words) expect(why).toMatch(/^[A-Z].{20,}\.$/);
  });

  it("has no scope that nothing uses", () => {
    const used = new Set(ROLES.flatMap((role) => permissionsOf(role).map(([, scope]) => scope)));
    expect(Object.keys(SCOPES).filter((name) => ![...used].some((scope) => scope === name))).toEqual([]);
  });
});

const PORTS: ReadonlySet<string> = new Set([
  "alarms",
  "doctor",
  "health",
  "labels",
  "metrics",
  "publish",
  "registries",
  "route",
  "services",
]);

describe("the permissions of `pulumi up`", () => {
  it("are listed for the types that the program registers, what awsx makes included, and for no other", async () => {
    const scaled = { ...TWO_SLOTS, service: { ...ZONE, capacity: "fargateSpot" } };
    const { resources } = await runProgram({ ...scaled, testToken: TOKEN });
    const own = resources.map(({ type }) => type).filter((type) => type.startsWith("aws:"));
    const folder = join(root, "packages/local-cloud/provider/awsx");
    const children = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/type: "(aws:[^"]+)"/g)].map(([, type]) => type),
    );
    expect(Object.keys(RESOURCE_TYPES).toSorted()).toEqual([...new Set([...own, ...children])].toSorted());
  });

  it("read with reading actions, and write with others", () => {
    for (const { read, write } of Object.values(RESOURCE_TYPES)) {
      expect(read.filter(([action]) => !isRead(action))).toEqual([]);
      expect(write.filter(([action]) => isRead(action))).toEqual([]);
    }
  });
});

describe("the policies", () => {
  it.each(ROLES)("of %s fit IAM's limits: ten documents of 6,144 characters, each Sid once", (role) => {
    for (const place of [PLACE, FULL, { ...FULL, stack: "a-stack-with-a-name-that-is-long-for-a-stack" }]) {
      const documents = policiesOf(role, place);
      expect(documents.length).toBeLessThanOrEqual(10);
      for (const document of documents) {
        expect(JSON.stringify(document).length).toBeLessThanOrEqual(6144);
        const sids = document.Statement.map(({ Sid }) => Sid);
        expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
        expect(new Set(sids).size).toBe(sids.length);
      }
    }
  });

  it("grant each action of a role, and never an action by a wildcard", () => {
    for (const role of ROLES) {
      const place = { ...FULL, listenerArn: undefined };
      const granted = new Set(statements(role, place).flatMap(({ Action }) => Action));
      expect([...granted].toSorted()).toEqual(
        [...new Set(permissionsOf(role).map(([action]) => action))].toSorted(),
      );
      expect([...granted].filter((action) => action.includes("*"))).toEqual([]);
    }
  });

  it("make no role without the boundary, give it no other one, and take it from none", () => {
    const boundary = { "iam:PermissionsBoundary": FULL.permissionsBoundaryArn };
    const bounded = statements("deploy", FULL).filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes("iam:PermissionsBoundary"),
    );
    for (const { Condition } of bounded) expect(Condition?.["StringEquals"]).toEqual(boundary);
    expect(bounded.flatMap(({ Action }) => Action).toSorted()).toEqual(
      ["AttachRolePolicy", "CreateRole", "DeleteRolePolicy", "DetachRolePolicy"]
        .concat("PutRolePermissionsBoundary", "PutRolePolicy")
        .map((name) => `iam:${name}`),
    );
    const writes = statements("deploy", PLACE).flatMap(({ Action }) => Action);
    expect(writes.filter((action) => action.includes("Boundary"))).toEqual([]);
  });

  it("of a preview change nothing", () => {
    expect(permissionsOf("preview").filter(([action]) => !isRead(action))).toEqual([]);
  });

  it("of a revert write the stack's one route and its tags and nothing else, own listener or shared", () => {
    for (const place of [PLACE, FULL]) {
      const [only, ...others] = statements("revert", place).filter(({ Action }) => !Action.every(isRead));
      expect(others).toEqual([]);
      expect(only?.Action).toEqual(["elasticloadbalancing:AddTags", "elasticloadbalancing:ModifyRule"]);
      expect(only?.Condition).toEqual({
        StringEquals: { "aws:ResourceTag/deploy:stack": "prod" },
        StringEqualsIfExists: { "aws:ResourceTag/deploy:project": PROJECT },
        Null: { "aws:ResourceTag/deploy:active-slot": "false" },
      });
    }
    expect(statements("revert", FULL)[0]?.Resource).toEqual([
      "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/shared/a/b/*",
    ]);
  });

  it("write to `*` only what AWS can limit by nothing but a condition, or not at all", () => {
    const unlimited = statements("deploy", FULL)
      .filter(({ Resource }) => Resource.includes("*"))
      .flatMap(({ Action }) => Action)
      .filter((action) => !isRead(action));
    expect(unlimited).toEqual([
      "cloudwatch:PutCompositeAlarm",
      "acm:RequestCertificate",
      "cloudwatch:PutMetricData",
    ]);
  });

  it("of a deployment write the records of the stack's own name and no other, and none without a zone", () => {
    const writes = (place: PolicyPlace) =>
      statements("deploy", place).filter(({ Action }) => Action.some((one) => /^(acm|route53):/.test(one)));
    expect(writes(PLACE)).toEqual([]);
    expect(writes({ ...FULL, hostName: undefined })).toEqual([]);
    const records = writes(FULL).find(({ Action }) => Action.includes("route53:ChangeResourceRecordSets"));
    expect(records).toMatchObject({
      Resource: ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"],
      Condition: {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
            "model.example.com",
            "_*.model.example.com",
          ],
        },
      },
    });
  });

  it("of one stack name another stack nowhere", () => {
    const names = fc.stringMatching(/^[a-z]{5,12}$/);
    fc.assert(
      fc.property(names, names, (one, other) => {
        fc.pre(one !== other && !one.startsWith(other) && !other.startsWith(one));
        const bound = (stack: string) =>
          statements("deploy", { ...PLACE, stack })
            .filter(({ Action, Resource }) => !Action.every(isRead) && !Resource.includes("*"))
            .filter(({ Sid }) => !/^(ScalableTarget|ServiceLinked|OwnInEc22)/.test(Sid));
        for (const statement of bound(one)) expect(JSON.stringify(statement)).not.toContain(`-${other}-`);
        for (const statement of bound(one)) expect(bound(other)).not.toContainEqual(statement);
      }),
      { numRuns: 20 },
    );
  });
});
