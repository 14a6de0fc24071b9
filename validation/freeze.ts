import { SLOTS, type Slot } from "../contract/slot.ts";
import { isEmpty } from "../contract/stack-config.ts";
import { mustWrite, requireDeployed } from "./apply.ts";
import { nextGeneration } from "./core/changes.ts";
import { frozenSlots } from "./core/freezing.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import type { Context } from "./ports.ts";

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
  const { config, hidden } = deployed;
  const frozen = frozenSlots(deployed);
  const slots = SLOTS.filter((slot) => slot in frozen);
  const words = [
    slots.length === 0
      ? "nothing was missing"
      : `${slots.join(" and ")} ${slots.length === 1 ? "has" : "have"} a copy of service now`,
    ...(hidden.includes("service")
      ? [
          "without environment, secrets and command: something of service is encrypted, and a copy would be in clear. Move it to Secrets Manager and name it in service.secrets",
        ]
      : []),
    ...SLOTS.filter((slot) => hidden.includes(slot) && !isEmpty(config.slots[slot])).map(
      (slot) => `${slot} is left as it is: something of it is encrypted`,
    ),
  ];
  if (slots.length > 0) {
    const message = `bluegreen: copies service into ${slots.join(" and ")}, which changes nothing that runs`;
    const change = nextGeneration(config, frozen);
    await mustWrite(context, { change, scope: "route", refresh: false, message });
  }
  return { exitCode: EXIT.done, sentence: words.join("; "), slots };
}
