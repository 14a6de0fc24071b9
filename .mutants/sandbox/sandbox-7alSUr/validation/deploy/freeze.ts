import { SLOTS, type Slot } from "../../contract/slot.ts";
import { mustWrite, requireDeployed } from "../stack/apply.ts";
import { nextGeneration } from "../core/changes/changes.ts";
import { frozenSlots } from "../core/changes/freezing.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";

export interface FreezeOutcome extends Outcome {
  /** Slots that got a copy, or what was missing of it. */
  readonly slots: readonly Slot[];
}

/**
 * Gives each model that runs without one a copy of `service` as deployed, so that an edit of `service` is for the next
 * deploy alone. Changes nothing that runs. Models that this version deploys have theirs already.
 */
export async function freeze(context: Context): Promise<FreezeOutcome> {
  const deployed = await requireDeployed(context);
  const frozen = frozenSlots(deployed);
  const slots = SLOTS.filter((slot) => slot in frozen);
  if (slots.length === 0) {
    return { exitCode: EXIT.done, sentence: "every model has a copy of service already", slots };
  }
  const names = slots.join(" and ");
  const message = `bluegreen: copies service into ${names}, which changes nothing that runs`;
  const change = nextGeneration(deployed.config, frozen);
  await mustWrite(context, { change, scope: "route", refresh: false, message });
  const sentence = `${names} ${slots.length === 1 ? "has" : "have"} a copy of service now: an edit of it is for the next deploy`;
  return { exitCode: EXIT.done, sentence, slots };
}
