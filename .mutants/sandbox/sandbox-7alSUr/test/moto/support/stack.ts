import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  type Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { REVERT_TAG, routeTags, WATCHDOG_TAG } from "../../../contract/route/route-tags.ts";
import { forwardAction, renderForward, SLOT_TAG } from "../../../contract/route/route.ts";
import { perSlot, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { TOLD_TAGS } from "../../../contract/alarms/telling.ts";
import { namesFor, PROJECT } from "../../support/project.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";
import type { Moto } from "./moto.ts";
import { accepted, elements, query } from "./raw.ts";

export const STACK = "prod";
export const NAMES = namesFor(STACK);

export interface MadeStack {
  readonly elb: ElasticLoadBalancingV2Client;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  readonly routeArn: string;
  readonly groups: PerSlot<string>;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
}

const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/**
 * moto lets a resource have ten tags, as a Classic Load Balancer has (its elbv2/models.py, add_tags); a rule may have
 * fifty (ELB guide, "Tags for your listeners and rules"). What is there already may be changed, so the marks are.
 */
const MARKS = Object.fromEntries(
  [WATCHDOG_TAG, REVERT_TAG, ...Object.values(TOLD_TAGS)].map((key) => [key, "none"]),
);

/** Load balancer, listener, both groups and the route of a configuration, in the default VPC that moto has. */
export async function makeStack(moto: Moto, written: WrittenConfig): Promise<MadeStack> {
  const parsed = parseConfig(rawConfig(written));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { config } = parsed;
  const describe = (Action: string) => accepted(query(moto, "ec2", { Action, Version: "2016-11-15" }));
  const listed = await describe("DescribeSubnets");
  const [securityGroup = ""] = elements(await describe("DescribeSecurityGroups"), "groupId");
  const subnets = elements(listed, "subnetId").slice(0, 2);
  const VpcId = elements(listed, "vpcId")[0];
  const elb = new ElasticLoadBalancingV2Client(moto.client);
  const balancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: NAMES.loadBalancer, Subnets: [...subnets] }),
  );
  const loadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const group = async (slot: Slot) => {
    const made = await elb.send(
      new CreateTargetGroupCommand({
        Name: NAMES.targetGroup(slot, "production", ["8080"]),
        Protocol: "HTTP",
        Port: 8080,
        VpcId,
        TargetType: "ip",
        HealthCheckPath: "/healthz",
        Tags: tagList({ [SLOT_TAG]: slot }),
      }),
    );
    return made.TargetGroups?.[0]?.TargetGroupArn ?? "";
  };
  const groups = { blue: await group("blue"), green: await group("green") };
  const listener = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: [
        { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain" } },
      ],
    }),
  );
  const listenerArn = listener.Listeners?.[0]?.ListenerArn ?? "";
  const forward = renderForward(
    config.split,
    perSlot((slot) => groups[slot]),
    config.service.stickinessSeconds,
  );
  const rule = await elb.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: config.network.priority,
      Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
      Actions: [forwardAction(forward)],
      Tags: tagList({ ...routeTags({ project: PROJECT, stack: STACK }, config), ...MARKS }),
    }),
  );
  const routeArn = rule.Rules?.[0]?.RuleArn ?? "";
  return { elb, loadBalancerArn, listenerArn, routeArn, groups, subnets, securityGroup };
}
