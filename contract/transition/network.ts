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
import { inTurn } from "./routing.ts";
import { hadUsers } from "./step.ts";

/** Zones of the stack's own VPC, none: it has none yet; `awsx`: an earlier version left the choice to awsx. */
export type RememberedZones = readonly string[] | "awsx";

export function rememberedZones(previous: Previous | undefined): RememberedZones {
  if (previous === undefined) return [];
  const { vpcId = "", zoneNames } = previous.network ?? {};
  if (vpcId !== "") return [];
  return zoneNames === undefined ? "awsx" : namesIn(zoneNames);
}

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
    mend: was ? "pulumi config set --path network.internal true" : "pulumi config rm --path network.internal",
  };
}

/** What to say of an update that no rule here compares; undefined: nothing. */
export function notCompared(previous: Previous | undefined, { network }: StackConfig): string | undefined {
  if (previous === undefined) return undefined;
  if (previous.network === undefined) {
    return (
      "The last update was by a version of this program that did not remember its network, so this one cannot tell " +
      "whether network.* was changed since: look in the preview for what it replaces. It remembers from now on."
    );
  }
  if (network.zoneNames.length === 0 || rememberedZones(previous) !== "awsx") return undefined;
  return (
    "The zones of this stack were left to awsx by an earlier version, and nobody remembers them: look in the preview " +
    "that network.zoneNames replaces no subnet. They are remembered from now on."
  );
}

/** NAT for each zone instead of one, and one more subnet of the load balancer, leave all tasks where they are. */
function isHarmless(key: NetworkKey, was: string, is: string): boolean {
  if (key === "nat") return was !== "none" && is !== "none";
  if (key !== "publicSubnetIds") return false;
  const kept = namesIn(is);
  return namesIn(was).every((subnet) => kept.includes(subnet));
}

const SECOND_STACK = "For another network make a second stack, and move the name of the model to its url";

function replacement(key: NetworkKey, was: string, is: string, what: string): Problem {
  return {
    key: `network.${key}`,
    got: is || "nothing",
    allowed: `${was || "nothing"} as deployed while the stack has users: another value replaces ${what} under them. ${SECOND_STACK}`,
    mend: putBack(key, was),
  };
}

/** `service.allowInPlace` allows one slot at a time, and the network is that of both. */
function moved(key: NetworkKey, was: string, is: string): Problem {
  return {
    key: `network.${key}`,
    got: is || "nothing",
    allowed: `${was || "nothing"} as deployed while the stack has users: another value moves the tasks of both slots at once. ${SECOND_STACK}`,
    mend: putBack(key, was),
  };
}

function putBack(key: NetworkKey, was: string): string {
  const path = `network.${key}`;
  // What is not said stays as it is remembered.
  if (key === "zoneNames") return `pulumi config rm --path ${path}`;
  if (key !== "publicSubnetIds" && key !== "taskSubnetIds") {
    return was === "" ? `pulumi config rm --path ${path}` : `pulumi config set --path ${path} ${was}`;
  }
  // A list as a whole: an entry that is set stands beside those that are there.
  const entries = namesIn(was).map(
    (subnet, index) => `pulumi config set --path '${path}[${index}]' ${subnet}`,
  );
  return inTurn(`pulumi config rm --path ${path}`, ...entries);
}
