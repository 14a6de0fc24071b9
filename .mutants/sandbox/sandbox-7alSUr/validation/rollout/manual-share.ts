import { isOpen, type Release } from "../../contract/release/release.ts";
import type { Slot } from "../../contract/slot.ts";
import { comparedOf } from "../core/changes/compared.ts";
import type { Situation } from "../core/situation.ts";
import { SHARING_GATES } from "../gates/index.ts";
import { check, type Checked } from "./check.ts";
import { outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import { EXIT } from "../outcome.ts";

/** A share that somebody shifted manually while no release is open: judged and told, never touched. */
export async function watchManual(
  moment: Moment,
  { slot, share, why }: Extract<Situation, { kind: "manual" }>,
): Promise<StepOutcome> {
  const seen = await checkManual(moment, slot, share);
  const failing = seen.verdict.kind === "rollback" || seen.verdict.kind === "retreat";
  const advice = failing
    ? `it fails (${seen.verdict.reasons.join("; ")}): npx bluegreen revert`
    : "it is watched, not moved";
  return outcomeOf(moment, "manual", {
    exitCode: failing ? EXIT.needsPerson : EXIT.done,
    sentence: `${slot} has ${share} % manually (${why}); ${advice}`,
    finished: true,
    verdict: seen.verdict,
    comparison: seen.comparison,
  });
}

/** One look at a slot whose share no release asked for. Unless a deadline is given, nothing waits for its verdict. */
export async function checkManual(
  moment: Moment,
  slot: Slot,
  share: number,
  waits: { readonly deadlineMs: number; readonly drift?: string } = { deadlineMs: Number.POSITIVE_INFINITY },
): Promise<Checked> {
  const { context, deployed, live } = moment;
  const liveSinceMs = context.clock.fromWall(deployed.endedWallMs);
  const { release } = deployed.config;
  const watched = isOpen(release) ? release : manualRelease(slot, share, new Date(liveSinceMs));
  const compared = comparedOf(deployed.config, watched, liveSinceMs);
  // Of an update manually nobody has written down when it was asked for.
  const askedMs = liveSinceMs;
  const view = { split: live, candidate: slot, liveSinceMs, askedMs, firstShare: true, visits: 1, compared };
  const phase = { phase: "sharing", share, liveSinceMs, ...waits } as const;
  // What was read is kept; which minutes are settled is for the looks at a release alone.
  const kept = moment.options.memory;
  const memory = kept === undefined ? {} : { points: (kept.points ??= new Map()) };
  return check(context, deployed, { release: watched, view, gates: SHARING_GATES, phase, memory });
}

function manualRelease(slot: Slot, share: number, since: Date): Release {
  return {
    id: "manual",
    slot,
    digest: "",
    state: "running",
    weight: share,
    stepSince: since.toISOString(),
    deadline: "",
    liveSince: "",
    approvedSteps: [],
    retreats: [],
    fastTrack: "",
    owner: "",
    reason: "",
  };
}
