import { describe, expect, it } from "vitest";
import { namesFor, PROJECT } from "../../support/project.ts";
import { ROLES, type Role } from "../../../contract/iam/aws-calls.ts";
import { policiesOf, type PolicyDocument } from "../../../contract/iam/policy.ts";
import { requiredPermissions } from "../../../packages/local-cloud/access/required-permissions.ts";
import { allows } from "../../../packages/local-cloud/access/policy.ts";

const PLACE = {
  partition: "aws",
  region: "us-east-1",
  accountId: "000000000000",
  project: PROJECT,
  stack: "prod",
};

const may = (role: Role, action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
  allows(policiesOf(role, PLACE), { action, resource, context });
const ownRule = policiesOf("revert", PLACE)[0]?.Statement[0]?.Resource[0]?.replace("*", "1/2/3") ?? "";

describe("a policy", () => {
  const one: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "One",
        Effect: "Allow",
        Action: ["ecs:DescribeServices"],
        Resource: ["arn:aws:ecs:*:1:service/a?c/*"],
      },
    ],
  };
  it.each([
    ["ecs:DescribeServices", "arn:aws:ecs:eu-west-1:1:service/abc/blue", true],
    ["ecs:DescribeServices", "arn:aws:ecs:eu-west-1:1:service/abbc/blue", false],
    ["ecs:DescribeServices", "*", false],
    ["ecs:UpdateService", "arn:aws:ecs:eu-west-1:1:service/abc/blue", false],
  ])("is asked %s on %s: %s", (action, resource, granted) => {
    expect(allows([one], { action, resource, context: {} })).toBe(granted);
  });

  it("with a condition operator that the local cloud does not know grants nothing in silence", () => {
    const [statement] = one.Statement;
    const odd = {
      ...one,
      Statement: [{ ...statement, Condition: { DateLessThan: { "aws:CurrentTime": "x" } } }],
    };
    // The statement has every part: it is the one above.
    const ask = {
      action: "ecs:DescribeServices",
      resource: "arn:aws:ecs:eu-west-1:1:service/abc/x",
      context: {},
    };
    expect(() => allows([odd as PolicyDocument], ask)).toThrow("DateLessThan");
  });
});

describe("the role", () => {
  const stack = { "aws:ResourceTag/deploy:stack": "prod", "aws:ResourceTag/deploy:project": PROJECT };
  const route = { ...stack, "aws:ResourceTag/deploy:active-slot": "blue" };

  it("revert may write the route, and neither a test rule nor the route of another stack", () => {
    expect(ownRule).toContain(":listener-rule/app/bluegreen-");
    expect(may("revert", "elasticloadbalancing:ModifyRule", ownRule, route)).toBe(true);
    expect(may("revert", "elasticloadbalancing:ModifyRule", ownRule, stack)).toBe(false);
    const other = { ...route, "aws:ResourceTag/deploy:stack": "prod-2" };
    expect(may("revert", "elasticloadbalancing:ModifyRule", ownRule, other)).toBe(false);
    expect(may("revert", "elasticloadbalancing:DeleteRule", ownRule, route)).toBe(false);
  });

  it("deploy may make rules with the stack's tag alone", () => {
    const listener = ownRule.replace("listener-rule", "listener").replace(/\/3$/, "");
    const tagged = { "aws:RequestTag/deploy:stack": "prod", "aws:RequestTag/deploy:project": PROJECT };
    expect(may("deploy", "elasticloadbalancing:CreateRule", listener, tagged)).toBe(true);
    expect(may("deploy", "elasticloadbalancing:CreateRule", listener)).toBe(false);
  });

  it.each(ROLES)(
    "%s may not pass a role on to anything but tasks, and the watchdog's to its function",
    (role) => {
      const ofTasks = `arn:aws:iam::000000000000:role${namesFor("prod").rolePath}blue-task-1`;
      const ofWatchdog = `arn:aws:iam::000000000000:role${namesFor("prod").rolePath}watchdog-1`;
      const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };
      const toInstances = { "iam:PassedToService": "ec2.amazonaws.com" };
      const toTasks = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
      expect(may(role, "iam:PassRole", ofTasks, toLambda)).toBe(false);
      expect(may(role, "iam:PassRole", ofTasks, toInstances)).toBe(false);
      expect(may(role, "iam:PassRole", ofWatchdog, toLambda)).toBe(role === "deploy");
      expect(may(role, "iam:PassRole", ofTasks, toTasks)).toBe(role === "deploy");
    },
  );

  it("deploy may publish metrics in the product's own namespace alone", () => {
    const put = (namespace: string) =>
      requiredPermissions(
        {
          service: "cloudwatch",
          operation: "PutMetricData",
          input: { Namespace: namespace },
          role: undefined,
        },
        "us-east-1",
      ).every((ask) => allows(policiesOf("deploy", PLACE), ask));
    expect(put("MlBlueGreen")).toBe(true);
    expect(put("AWS/ApplicationELB")).toBe(false);
  });
});

it.each([
  ["cloudwatch", "DeleteAlarms"],
  ["ecs", "DescribeClusters"],
  ["elasticloadbalancing", "AddTags"],
  ["elasticloadbalancing", "SetRulePriorities"],
])("a call that names nothing asks for everything: %s %s", (service, operation) => {
  const needed = requiredPermissions({ service, operation, input: {}, role: undefined }, "us-east-1");
  expect(needed).toEqual([{ action: `${service}:${operation}`, resource: "*", context: {} }]);
});
