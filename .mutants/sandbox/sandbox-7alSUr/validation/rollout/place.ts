import type { StackOutputs } from "../../contract/names/outputs.ts";
import type { Slot } from "../../contract/slot.ts";
import type { SlotMetrics } from "../measures.ts";

/** Where the production metrics of a slot are. */
export function placeOf({ loadBalancerSuffix, clusterName, slots }: StackOutputs, slot: Slot): SlotMetrics {
  const { targetGroupSuffix, running } = slots[slot];
  return { loadBalancerSuffix, targetGroupSuffix, clusterName, serviceName: running?.serviceName };
}
