import { lentShare } from "../contract/stack-config.ts";
import { showSplit, type Split } from "../contract/split.ts";
import { readLive, requireDeployed, write } from "./apply.ts";
import { lookByHand } from "./by-hand.ts";
import { restoreChange } from "./core/changes.ts";
import { situationOf, type Situation } from "./core/situation.ts";
import { UserError } from "./errors.ts";
import type { Moment, StepOutcome } from "./moment.ts";
import { attempt } from "./observe.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import type { Context } from "./ports.ts";

export const RESTORE = "npx bluegreen restore";

/**
 * Weights that none of our tools wrote: nobody is moved, in either direction. Whoever has users is watched all
 * the same, so that a failing candidate is told.
 */
export async function watchDrift(
  moment: Omit<Moment, "live"> & { readonly live: Split | undefined },
  situation: Situation,
): Promise<StepOutcome> {
  const { deployed, live } = moment;
  const why = situation.kind === "drift" ? situation.why : "the route could not be understood";
  const failing = live === undefined ? [] : await failingReasons({ ...moment, live });
  const alarm =
    failing.length === 0 ? "" : `; the candidate fails (${failing.join("; ")}): npx bluegreen revert`;
  return {
    exitCode: EXIT.needsPerson,
    sentence: `holding, because the route is not as deployed: ${why}${alarm}. Back to ${showSplit(deployed.config.split)}: ${RESTORE}`,
    finished: true,
    situation: "drift",
    release: deployed.config.release,
    split: live,
    verdict: undefined,
    agreed: undefined,
  };
}

async function failingReasons(moment: Moment): Promise<readonly string[]> {
  const { deployed, live } = moment;
  const { slot } = lentShare(deployed.config);
  const share = live[slot];
  if (share === 0 || deployed.outputs.slots[slot].running === undefined) return [];
  const { verdict } = await lookByHand(moment, slot, share);
  return verdict.kind === "rollback" ? verdict.reasons : [];
}

export interface RestoreOutcome extends Outcome {
  /** What the route had; undefined: weights that are no whole percents, or nothing readable. */
  readonly before: Split | undefined;
  readonly after: Split;
  readonly restored: boolean;
}

/**
 * Puts the route back to what is deployed, whoever changed it: one update of the route alone, refreshed first so
 * that Pulumi sees what it has to undo. Users whom a revert took back stay where they are: that is for `step`.
 */
export async function restore(context: Context): Promise<RestoreOutcome> {
  const deployed = await requireDeployed(context);
  const { config } = deployed;
  const read = await attempt(() => readLive(context, deployed));
  if (!read.readable) throw new UserError("BG167", read.why);
  const before = read.value;
  const wanted = showSplit(config.split);
  const situation = situationOf(config, before);
  if (situation.kind === "takenBack") throw new UserError("BG166", `Everyone is on ${situation.to}.`);
  if (situation.kind !== "drift" && situation.kind !== "cutOff") {
    const sentence = `nothing to restore: the route is at ${wanted}, as deployed`;
    return { exitCode: EXIT.done, sentence, before, after: config.split, restored: false };
  }
  const shown = before === undefined ? "weights that are no whole percents" : showSplit(before);
  const message = `bluegreen: the route goes back to ${wanted}, as deployed; it had ${shown}`;
  const change = restoreChange(config);
  const written = await write(context, { change, scope: "route", refresh: true, message });
  if (written.kind === "locked") throw new UserError("BG131", `It is held by ${written.who}.`);
  if (written.kind === "notShown") throw new UserError("BG130", `The route does not show ${wanted}.`);
  const sentence = `the route is back at ${wanted}, as deployed; it had ${shown}`;
  return { exitCode: EXIT.done, sentence, before, after: config.split, restored: true };
}
