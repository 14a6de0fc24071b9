import { CreateClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { localCredentials } from "../../../../packages/local-cloud/access/address.ts";
import { namesFor, PROJECT } from "../../../support/project.ts";
import type { PolicyDocument } from "../../../../contract/iam/policy.ts";
import type { Slot } from "../../../../contract/slot.ts";
import { TEST_KEYS } from "../../../../packages/local-cloud/test/support/local-keys.ts";

export const place = (region: string) => ({
  partition: "aws",
  region,
  accountId: "000000000000",
  project: PROJECT,
  stack: "prod",
});
const NAMES = namesFor("prod");

/** The policies without one action. */
export function without(documents: readonly PolicyDocument[], action: string): readonly PolicyDocument[] {
  return documents.map((document) => ({
    ...document,
    Statement: document.Statement.map((statement) => ({
      ...statement,
      Action: statement.Action.filter((each) => each !== action),
    })),
  }));
}

/** The actions that a denial names, from any of the errors. */
export const deniedIn = (words: readonly string[]) =>
  words.flatMap((text) => /not authorized to perform: ([\w-]+:\w+) /.exec(text)?.[1] ?? []);

export const REGION = "us-east-1";

export function targetOf(endpoint: string, role: string) {
  return { region: REGION, endpoint, credentials: localCredentials(TEST_KEYS, role) };
}

/** Load balancer, listener, both groups, the route and a test rule, as the program makes them, and the cluster. */
export async function makeRoute(endpoint: string) {
  const tag = (more: Readonly<Record<string, string>> = {}) =>
    Object.entries({ "deploy:stack": "prod", "deploy:project": PROJECT, ...more }).map(([Key, Value]) => ({
      Key,
      Value,
    }));
  const elb = new ElasticLoadBalancingV2Client(targetOf(endpoint, "maker"));
  const ecs = new ECSClient(targetOf(endpoint, "maker"));
  const lb = await elb.send(
    new CreateLoadBalancerCommand({ Name: NAMES.loadBalancer, Subnets: ["a", "b"], Tags: tag() }),
  );
  const group = async (slot: Slot) => {
    const made = await elb.send(
      new CreateTargetGroupCommand({
        Name: NAMES.targetGroup(slot, "production", ["8080"]),
        Protocol: "HTTP",
        Port: 8080,
        VpcId: "vpc-1",
        TargetType: "ip",
        Tags: tag({ "deploy:slot": slot }),
      }),
    );
    return made.TargetGroups?.[0]?.TargetGroupArn ?? "";
  };
  const groups = { blue: await group("blue"), green: await group("green") };
  const fixed = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } } as const;
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: lb.LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [fixed],
      Tags: tag(),
    }),
  );
  const rule = async (Priority: number, more: Readonly<Record<string, string>>) => {
    const made = await elb.send(
      new CreateRuleCommand({
        ListenerArn: listener.Listeners?.[0]?.ListenerArn,
        Priority,
        Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
        Actions: [{ Type: "forward", TargetGroupArn: groups.blue }],
        Tags: tag(more),
      }),
    );
    return made.Rules?.[0]?.RuleArn ?? "";
  };
  const routeArn = await rule(100, { "deploy:active-slot": "blue" });
  const testRuleArn = await rule(99, { "deploy:slot": "blue" });
  await ecs.send(new CreateClusterCommand({ clusterName: NAMES.cluster }));
  return { routeArn, testRuleArn, groups };
}
