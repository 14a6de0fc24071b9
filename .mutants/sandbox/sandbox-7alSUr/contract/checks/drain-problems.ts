import { LONGEST_DRAIN, saidBy, serviceOf, type ModelService } from "../config/model-service.ts";
import type { ModelTemplate } from "../config/model-fields.ts";
import { problem, type Problem } from "./problem.ts";
import { SLOTS, type Slot } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

/**
 * Requests that would be cut when a task leaves: ELB closes what is still in flight after the deregistration delay, and
 * a request may be silent for as long as the time-out. Of the template for the next model, and of each slot with a model.
 */
export function drainProblems(config: StackConfig): readonly Problem[] {
  const filled = SLOTS.filter((slot) => config.slots[slot].image !== undefined);
  const found = [
    ...tooShort(config.service, (key) => `service.${key}`),
    ...filled.flatMap((slot) => slotDrainProblems(config, slot)),
  ];
  // What a slot has not copied is the template's, and said there.
  return found.filter(({ key }, index) => found.findIndex((other) => other.key === key) === index);
}

export function slotDrainProblems(config: StackConfig, slot: Slot): readonly Problem[] {
  return tooShort(serviceOf(config, slot), (key) => saidBy(config, slot, key));
}

type Times = Pick<ModelService | ModelTemplate, "requestTimeoutSeconds" | "drainSeconds">;

function tooShort(
  { requestTimeoutSeconds, drainSeconds }: Times,
  keyOf: (key: keyof Times) => string,
): readonly Problem[] {
  if (requestTimeoutSeconds > LONGEST_DRAIN) {
    const key = keyOf("requestTimeoutSeconds");
    const allowed = `at most ${LONGEST_DRAIN}: longer requests in flight are cut when their task leaves`;
    return [problem(key, requestTimeoutSeconds, allowed, `pulumi config set --path ${key} ${LONGEST_DRAIN}`)];
  }
  if (drainSeconds === undefined || drainSeconds >= requestTimeoutSeconds) return [];
  const key = keyOf("drainSeconds");
  const allowed = `at least ${keyOf("requestTimeoutSeconds")}, ${requestTimeoutSeconds}: requests in flight are cut when their task leaves`;
  return [problem(key, drainSeconds, allowed, `pulumi config set --path ${key} ${requestTimeoutSeconds}`)];
}
