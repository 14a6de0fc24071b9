import * as v from "valibot";
import type { Field } from "./field.ts";
import { numberIn, wholeIn } from "../numbers.ts";

/**
 * What a candidate's shadow must show before its first user: the active slot's agent asks it what users ask
 * (`service.agent.shadow`). How much of it is asked stands there, for it belongs to the agent of a slot that runs.
 */
export interface ShadowStep {
  /** So many pairs must have been compared. */
  readonly pairs: number;
  /** So long it must have been shadowed. */
  readonly minutes: number;
  /** Part of the answers, 0 to 1, that may differ more than the active model's own do. */
  readonly allowedDisagreement: number;
  /** So often at most the same request comes: with something allowed, such pairs count as one. */
  readonly repeats: number;
  /** `report`: it is told; `hold`: a candidate that is shown to differ more gets no users. */
  readonly action: "report" | "hold";
}

// What two points of disagreement need at 1 % of own disagreement (docs/signals/shadow.md).
const USUAL_PAIRS = 3000;

const ShadowStepSchema: v.GenericSchema<unknown, ShadowStep> = v.strictObject({
  pairs: v.optional(wholeIn(1, 10_000_000), USUAL_PAIRS),
  minutes: v.optional(wholeIn(0, 10_080), 0),
  allowedDisagreement: v.optional(numberIn(0, 0.5), 0),
  repeats: v.optional(wholeIn(1, 100_000), 1),
  action: v.optional(v.picklist(["report", "hold"]), "report"),
});

export const shadowField: Field<ShadowStep | undefined> = {
  type: "object",
  allowed:
    "`{pairs, minutes, allowedDisagreement, repeats, action}`: 1 to 10000000 pairs (3000), 0 to 10080 minutes (0), 0 to 0.5 (0), 1 to 100000 times (1), `report` or `hold` (`report`)",
  default: undefined,
  meaning:
    "Before its first users a candidate is asked what users ask the active slot, by the agent there (`service.agent.shadow`): `pairs` and `minutes` must be reached. `hold` keeps users from one that is shown to differ more than `allowedDisagreement`, or to fail more often (docs/signals/shadow.md); none: nobody waits for a shadow.",
  read(raw) {
    const read = v.safeParse(ShadowStepSchema, raw);
    return read.success ? { value: read.output } : undefined;
  },
};
