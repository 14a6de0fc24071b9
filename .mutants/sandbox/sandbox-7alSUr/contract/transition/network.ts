import type { Problem } from "../checks/problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import {
  namesIn,
  NETWORK_KEYS,
  networkMemory,
  type NetworkKey,
  type NetworkMemory,
} from "./network-memory.ts";
import { hadUsers } from "./step.ts";
import { SECOND_STACK, moved, replacement } from "./network-refusals.ts";

/**
 * What another value of a key does, by the AWS provider's own rules (terraform-provider-aws, ForceNew): a VPC's range,
 * a target group's VPC and a rule's listener cannot be changed, so the new ones stand empty when the route leads to
 * them. The others change a service's `networkConfiguration`, and ECS replaces all its tasks for that (UpdateService).
 */
const REPLACES: Readonly<Partial<Record<NetworkKey, string>>> = {
  vpcId: "network, load balancer, target groups and route",
  cidr: "network, load balancer, target groups and route",
  listenerArn: "the route, and the load balancer's place in the DNS",
};

/** What an update would do to the ground under users; none when the last update did not remember it. */
export function networkProblems(previous: Previous, next: StackConfig): readonly Problem[] {
  const before = previous.network;
  // A write of the tools that moves users alone must pass whatever a newer version has for a default.
  if (before === undefined || isRoutingWrite(previous, next)) return [];
  const other = otherScheme(before, next);
  if (other !== undefined) return [other];
  if (!SLOTS.some((slot) => hadUsers({ previous, next, slot }))) return [];
  const after = networkMemory(next.network);
  return NETWORK_KEYS.flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    if (was === undefined || is === undefined || was === is) return [];
    const replaced = REPLACES[key];
    if (replaced !== undefined) return [replacement(key, was, is, replaced)];
    return isHarmless(key, was, is) ? [] : [moved(key, was, is)];
  });
}

/**
 * The scheme of a load balancer cannot be changed (ELB API, CreateLoadBalancer, Scheme), and a second one cannot have its
 * name; so with users or without, it is another stack.
 */
function otherScheme(before: NetworkMemory, { network }: StackConfig): Problem | undefined {
  if (before.listenerArn !== "" || network.listenerArn !== undefined) return undefined;
  const was = before.internal === "true";
  if (was === network.internal) return undefined;
  return {
    key: "network.internal",
    got: String(network.internal),
    allowed: `${was} as deployed: a load balancer cannot change from one to the other, nor a second one have its name. ${SECOND_STACK}`,
    fix: was ? "pulumi config set --path network.internal true" : "pulumi config rm --path network.internal",
  };
}

/** NAT for each zone instead of one, and one more subnet of the load balancer, leave all tasks where they are. */
function isHarmless(key: NetworkKey, was: string, is: string): boolean {
  if (key === "nat") return was !== "none" && is !== "none";
  if (key !== "publicSubnetIds") return false;
  const kept = namesIn(is);
  return namesIn(was).every((subnet) => kept.includes(subnet));
}
