import { entryPort } from "../agent/options.ts";
import { serviceOf, type ModelService } from "../config/model-service.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

/**
 * What both slots share of what their models need: enough for both, so that neither model can take from the other what
 * it needs. Of a stack without a model it is the template's.
 */
type SlotsConfig = Pick<StackConfig, "service" | "slots">;

/** The services of the slots that have a model; those of both when none has. */
function used(config: SlotsConfig): readonly ModelService[] {
  const filled = SLOTS.filter((slot) => config.slots[slot].image !== undefined);
  return (filled.length > 0 ? filled : SLOTS).map((slot) => serviceOf(config, slot));
}

/** Idle timeout of the load balancer, in seconds. */
export const longestTimeout = (config: SlotsConfig): number =>
  Math.max(...used(config).map(({ requestTimeoutSeconds }) => requestTimeoutSeconds));

/** Ports on which the load balancer must reach tasks, each once, the least first. */
export const usedPorts = (config: SlotsConfig): readonly number[] =>
  [...new Set(used(config).map(entryPort))].toSorted((a, b) => a - b);
