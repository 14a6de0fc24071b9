import type { ReleasedCohort } from "../../contract/cohorts/released.ts";
import { runningExperiment } from "../../contract/release/experiment-policy.ts";
import { isFirstShare } from "../../contract/release/retreat.ts";
import type { Release } from "../../contract/release/release.ts";
import { cohortStepOf, percents } from "../../contract/config/steps.ts";
import { comparedOf } from "../core/changes/compared.ts";
import { resumption, unseenRetreats } from "../core/changes/retreating.ts";
import { deadlineOf, unapproved } from "../core/changes/steering.ts";
import type { ReleasePhase } from "../core/decide.ts";
import { waivedWords } from "../core/tested.ts";
import { COHORT_GATES, RESUMING_GATES, SHARING_GATES, STARTING_GATES } from "../gates/index.ts";
import type { CheckQuestion } from "./check.ts";
import { sinceOf } from "./live-since.ts";
import type { Viewpoint } from "./observe.ts";
import type { Moment } from "./step-types.ts";

/** Whether a candidate without users is fit for its first ones. */
export function questionAtStart(moment: Moment, release: Release): CheckQuestion {
  const { deployed, options } = moment;
  const phase: ReleasePhase = {
    phase: "starting",
    deadlineMs: options.startDeadlineMs,
    // A model that has everyone already needs nobody before them.
    cohort:
      release.slot === deployed.config.activeSlot ? undefined : cohortStepOf(deployed.config.rollout)?.cohort,
    unapproved: unapproved(deployed.config, release),
    waived: waivedWords(release),
  };
  return { ...asked(moment, release), gates: STARTING_GATES, phase };
}

/** Whether a candidate that has a cohort keeps it, and gets its first users; running or paused. */
export function questionOfCohort(
  moment: Moment,
  release: Release,
  { name, bakeMinutes }: ReleasedCohort,
): CheckQuestion {
  const { deployed, options } = moment;
  const { view, ...common } = asked(moment, release);
  const { liveSinceMs } = view;
  const phase: ReleasePhase = {
    phase: "cohort",
    name,
    bakeMinutes,
    liveSinceMs,
    deadlineMs: stepDeadlineMs(moment, release, liveSinceMs),
    paused: release.state === "paused" ? release.reason : undefined,
    watchOnly: options.watchOnly === true,
    unapproved: unapproved(deployed.config, release),
    waived: waivedWords(release),
  };
  return { ...common, view: { ...view, cohort: name }, gates: COHORT_GATES, phase };
}

/** Whether a candidate keeps its users, and gets more; running or paused. */
export function questionOfShare(moment: Moment, release: Release, share: number): CheckQuestion {
  const { deployed, options } = moment;
  const common = asked(moment, release);
  const { liveSinceMs } = common.view;
  const phase: ReleasePhase = {
    phase: "sharing",
    share,
    liveSinceMs,
    deadlineMs: stepDeadlineMs(moment, release, liveSinceMs),
    paused: release.state === "paused" ? release.reason : undefined,
    // An experiment ends before anybody is given more.
    watchOnly: options.watchOnly === true || runningExperiment(release) !== undefined,
    unapproved: unapproved(deployed.config, release),
    waived: waivedWords(release),
  };
  return { ...common, gates: SHARING_GATES, phase, synthetic: options.synthetic?.() };
}

/** Whether a candidate that gave its users back gets them again, or has been proven worse by now. */
export function questionAfterRetreat(moment: Moment, release: Release): CheckQuestion {
  const { deployed, options } = moment;
  const due = resumption(deployed.config, release);
  if (due === undefined) throw new Error(`release ${release.id} has not retreated`);
  const common = asked(moment, release);
  const phase: ReleasePhase = {
    phase: "retreated",
    to: due.to,
    resumesMs: due.atMs,
    deadlineMs: stepDeadlineMs(moment, release, common.view.liveSinceMs),
    retreats: unseenRetreats(release).length,
    watchOnly: options.watchOnly === true,
    paused: release.state === "paused" ? release.reason : undefined,
  };
  return { ...common, gates: RESUMING_GATES, phase };
}

const asked = (moment: Moment, release: Release) => ({
  release,
  view: viewOf(moment, release),
  memory: moment.options.memory ?? {},
});

function viewOf({ context, deployed, live, options }: Moment, release: Release): Viewpoint {
  const liveSinceMs = sinceOf(context, deployed, release, options.agreed);
  return {
    split: live,
    candidate: release.slot,
    liveSinceMs,
    askedMs: Date.parse(release.stepSince),
    firstShare: isFirstShare(percents(deployed.config.rollout.steps), release),
    visits: 1 + release.retreats.filter(({ from }) => from === release.weight).length,
    compared: comparedOf(deployed.config, release, liveSinceMs),
  };
}

function stepDeadlineMs({ deployed }: Moment, release: Release, liveSinceMs: number): number {
  const stored = Date.parse(release.deadline);
  return Number.isFinite(stored) ? stored : liveSinceMs + deadlineOf(deployed.config, release) * 60_000;
}
