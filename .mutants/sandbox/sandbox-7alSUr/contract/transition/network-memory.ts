import { isRecord } from "../config/field.ts";
import type { NetworkConfig } from "../config/sections.ts";

/**
 * Keys of `network` that decide where users come in and where their tasks stand. Which of them count depends on
 * whether the VPC is the stack's own. Not among them: host names, paths and the priority of the route, which ELB
 * changes in place.
 */
export const NETWORK_KEYS = [
  "vpcId",
  "listenerArn",
  "internal",
  "cidr",
  "zones",
  "zoneNames",
  "nat",
  "publicSubnetIds",
  "taskSubnetIds",
  "assignPublicIp",
] as const;
export type NetworkKey = (typeof NETWORK_KEYS)[number];

/** Each value as a text, a list as JSON; "" is none. A key that did not count is absent. */
export type NetworkMemory = Readonly<Partial<Record<NetworkKey, string>>>;

/** What the outputs remember of a stack's network. `chosen`: the zones of its own VPC; undefined: nobody has said. */
export function networkMemory(
  network: NetworkConfig,
  chosen: readonly string[] | undefined = zonesSaid(network),
): NetworkMemory {
  const { vpcId = "", listenerArn = "", cidr, zones, nat, assignPublicIp } = network;
  // Another's load balancer is reached as its owner says.
  const scheme = listenerArn === "" && network.internal ? { internal: "true" } : {};
  const entrance = { vpcId, listenerArn, ...scheme };
  if (vpcId === "") {
    const count = String(chosen?.length ?? zones);
    return { ...entrance, cidr, zones: count, ...(chosen && { zoneNames: JSON.stringify(chosen) }), nat };
  }
  const publicSubnetIds = JSON.stringify(network.publicSubnetIds);
  const taskSubnetIds = JSON.stringify(network.taskSubnetIds);
  const tasks = { taskSubnetIds, assignPublicIp: String(assignPublicIp) };
  return listenerArn === "" ? { ...entrance, publicSubnetIds, ...tasks } : { ...entrance, ...tasks };
}

const zonesSaid = ({ zoneNames }: NetworkConfig) => (zoneNames.length === 0 ? undefined : zoneNames);

/** As an output gives it back; undefined: by a version of the program that did not remember it. */
export function readNetwork(raw: unknown): NetworkMemory | undefined {
  if (!isRecord(raw)) return undefined;
  return Object.fromEntries(
    NETWORK_KEYS.flatMap((key) => (typeof raw[key] === "string" ? [[key, raw[key]] as const] : [])),
  );
}

/** The entries of a list that is remembered as JSON. */
export function namesIn(list: string): readonly string[] {
  const names: unknown = JSON.parse(list);
  return Array.isArray(names) ? names.map(String) : [];
}
