import type { Cohort } from "../../contract/cohorts/cohort.ts";
import { otherSlot } from "../../contract/slot.ts";
import { nextGeneration } from "../core/changes/changes.ts";
import { cohortReturnChange, cohortToReturn } from "../core/changes/cohort-step.ts";
import { EXIT } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { attempt } from "../reading.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "../rollout/step-types.ts";
import { write, type Written } from "../stack/apply.ts";

export interface BroughtBack {
  readonly deployed: Deployed;
  /** For the person; empty: the release had taken no cohort along. */
  readonly words: string;
}

/**
 * The cohort that a release took along goes to the active slot, once the release is rolled back and users are back: an
 * update of its own, for users wait for nothing. Never throws: users are back, whatever becomes of this, and the next
 * step does what is left.
 */
export async function bringCohortBack(context: Context, deployed: Deployed): Promise<BroughtBack> {
  const due = cohortToReturn(deployed.config);
  if (due === undefined) return { deployed, words: "" };
  const written = await attempt(() => writeBack(context, deployed, due));
  if (written.readable && written.value?.kind === "shown") {
    const after = written.value.deployed;
    return { deployed: after, words: `; cohort ${due.name} is back on ${after.config.activeSlot}` };
  }
  const { activeSlot } = deployed.config;
  const where = due.slot === activeSlot ? `may be on ${otherSlot(activeSlot)}` : `is still on ${due.slot}`;
  const why = written.readable ? "the stack is held by another update" : written.why;
  return {
    deployed,
    words: `; cohort ${due.name} ${where} (${why}), the next step brings it back: npx bluegreen step`,
  };
}

/** The same by the next check, when who rolled the release back was killed in between. undefined: nothing is due. */
export async function cohortDue(moment: Moment): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const due = cohortToReturn(deployed.config);
  const written = due && (await writeBack(context, deployed, due));
  if (due === undefined || written === undefined) return undefined;
  if (written.kind !== "shown") return outcomeOf(moment, "settled", notWritten(written));
  return outcomeOf({ ...moment, deployed: written.deployed }, "settled", {
    exitCode: EXIT.done,
    sentence: `cohort ${due.name} is back on ${written.deployed.config.activeSlot}`,
    finished: false,
  });
}

async function writeBack(context: Context, { config }: Deployed, due: Cohort): Promise<Written | undefined> {
  const change = cohortReturnChange(config);
  if (change === undefined) return undefined;
  const { id } = change.release;
  const message = `bluegreen: cohort ${due.name} goes back to ${config.activeSlot}: release ${id} is rolled back`;
  // What the stack does not know of, Pulumi finds when it looks.
  const refresh = due.slot === config.activeSlot;
  const update = { change: nextGeneration(config, { ...change }), refresh, message } as const;
  // A cohort's rule is no part of the route.
  return write(context, { ...update, scope: "everything" });
}
