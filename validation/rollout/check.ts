import type { Release } from "../../contract/release/release.ts";
import { cohortStepOf, percents, stepAt, withoutBakes, type Stepped } from "../../contract/config/steps.ts";
import { assess, withDryRun, type Assessment, type Gate, type GateInput } from "../core/assessment.ts";
import { judge, type Judgement } from "../core/comparison/judgement.ts";
import { decide, type ReleasePhase } from "../core/decide.ts";
import { actionOf, type Action } from "../core/machine.ts";
import type { Observation } from "../core/observation.ts";
import { sentence } from "../core/sentence.ts";
import type { Verdict } from "../core/verdict.ts";
import { askCustomGates } from "./custom-gates.ts";
import { blindSpotReasons } from "../gates/comparison.ts";
import { syntheticNote, type SyntheticCount } from "../gates/synthetic-load.ts";
import { observe, type CheckMemory, type Seen, type Viewpoint } from "./observe.ts";
import type { Context, Deployed } from "../ports.ts";
import type { CheckedEvent } from "../progress.ts";

/** What is asked about a candidate: with what it is judged, and where its release is. */
export interface CheckQuestion {
  readonly release: Release;
  readonly view: Viewpoint;
  readonly gates: readonly Gate[];
  readonly phase: ReleasePhase;
  readonly memory: CheckMemory;
  /** Synthetic requests of this process so far, told with the gates. */
  readonly synthetic?: SyntheticCount | undefined;
}

export interface Checked {
  readonly verdict: Verdict;
  /** What follows from it; undefined: check again later. */
  readonly action: Action | undefined;
  readonly sentence: string;
  /** What was compared, with its counts; undefined: nothing, or it could not be read. */
  readonly comparison: Judgement | undefined;
}

/** Reads, judges, decides, and tells: the half of a step that changes nothing. */
export async function check(context: Context, deployed: Deployed, question: CheckQuestion): Promise<Checked> {
  const { release, view, phase, memory } = question;
  const { rollout } = deployed.config;
  const policy = {
    ...(release.fastTrack === "" ? rollout : withoutBakes(rollout)),
    schedule: view.compared?.schedule,
  };
  const seen = await observe(context, deployed, view, memory);
  const observation = judged(seen, view, deployed);
  const assessments = await assessed(context, deployed, question, observation, policy);
  const verdict = decide(phase, assessments, policy, observation.nowMs);
  const action = actionOf(phase, verdict, policy);

  const { comparison } = observation;
  const pair = comparison?.readable === true ? comparison.value : undefined;
  const share = view.split[view.candidate];
  const words = sentence(verdict, view.candidate, share, blindnessOf(view, pair), view.cohort);
  context.reporter.report({
    kind: "checked",
    release,
    split: view.split,
    nowMs: observation.nowMs,
    bake: bakeOf(phase, policy),
    steps: percents(policy.steps),
    cohort: release.cohort?.name ?? cohortStepOf(policy)?.cohort,
    assessments,
    verdict,
    sentence: words,
    comparison: pair,
  });
  return { verdict, action, sentence: words, comparison: pair };
}

function bakeOf(phase: ReleasePhase, policy: Stepped): CheckedEvent["bake"] {
  switch (phase.phase) {
    case "sharing":
      return { sinceMs: phase.liveSinceMs, minutes: stepAt(policy, phase.share).bakeMinutes };
    case "cohort":
      return { sinceMs: phase.liveSinceMs, minutes: phase.bakeMinutes };
    case "starting":
    case "retreated":
      return undefined;
  }
}

/** The answers of all gates, the user's own among them: those are asked while the candidate has users. */
async function assessed(
  context: Context,
  deployed: Deployed,
  { release, view, gates, phase, synthetic }: CheckQuestion,
  observation: Observation,
  policy: GateInput["policy"],
): Promise<readonly Assessment[]> {
  const { thresholds, service, localCloud } = deployed.config;
  const builtIn = assess(gates, {
    observation,
    policy,
    thresholds,
    sticky: service.stickinessSeconds > 0,
    isLocal: localCloud !== undefined,
  });
  const hasUsers = phase.phase === "sharing";
  const asked = hasUsers ? await askCustomGates(context, deployed, release, view, builtIn) : [];
  const noted = synthetic === undefined ? [] : [syntheticNote(synthetic)];
  return withDryRun([...builtIn, ...asked, ...noted], policy);
}

/** What a step cannot see; undefined: nothing is compared in it. */
function blindnessOf({ split, candidate }: Viewpoint, pair: Judgement | undefined) {
  const isCompared = pair !== undefined && split[candidate] > 0 && split[candidate] < 100;
  return isCompared ? { spot: pair.blindSpot, saidBy: blindSpotReasons(pair) } : undefined;
}

/** The pair of models compared, from what was read. */
export function judged({ counts, ...seen }: Seen, view: Viewpoint, { config }: Deployed): Observation {
  const { compared, candidate, liveSinceMs, split, visits } = view;
  if (counts === undefined || compared === undefined) return { ...seen, comparison: undefined };
  if (!counts.readable) return { ...seen, comparison: counts };
  const value = judge({
    ...counts.value,
    nowMs: seen.nowMs,
    stepSinceMs: liveSinceMs,
    splitSinceMs: Date.parse(compared.windows.at(-1)?.from ?? "") || liveSinceMs,
    share: split[candidate],
    sticky: config.service.stickinessSeconds > 0,
    attempt: compared.attempt,
    visits,
    policy: config.rollout,
    schedule: compared.schedule,
  });
  return { ...seen, comparison: { readable: true, value } };
}
