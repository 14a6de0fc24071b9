import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";
import { namesIn } from "./network-memory.ts";

/** Zones of the stack's own VPC, none: it has none yet; `awsx`: an earlier version left the choice to awsx. */
export type RememberedZones = readonly string[] | "awsx";

export function rememberedZones(previous: Previous | undefined): RememberedZones {
  if (previous === undefined) return [];
  const { vpcId = "", zoneNames } = previous.network ?? {};
  if (vpcId !== "") return [];
  return zoneNames === undefined ? "awsx" : namesIn(zoneNames);
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
