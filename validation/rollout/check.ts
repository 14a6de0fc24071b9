import type { Release } from "../../contract/release/release.ts";
import { percents, stepAt, withoutBakes } from "../../contract/config/steps.ts";
import { assess, withDryRun, type Gate } from "../core/assessment.ts";
import type { Judgement } from "../core/comparison/judgement.ts";
import type { ReleasePhase } from "../core/decide.ts";
import { transition, type Action } from "../core/machine.ts";
import { sentence } from "../core/sentence.ts";
import type { Verdict } from "../core/verdict.ts";
import { askCustomGates } from "./custom-gates.ts";
import { blindSpotReasons } from "../gates/comparison.ts";
import { syntheticNote, type SyntheticCount } from "../gates/synthetic-load.ts";
import { observe, type LookMemory, type Viewpoint } from "./observe.ts";
import type { Context, Deployed } from "../ports.ts";

export interface Look {
  readonly verdict: Verdict;
  /** What follows from it; nothing: look again later. */
  readonly actions: readonly Action[];
  readonly sentence: string;
  /** What was compared, with its counts; undefined: nothing, or it could not be read. */
  readonly comparison: Judgement | undefined;
}

/** Observe, assess, decide, and tell: the half of a step that changes nothing. */
export async function look(
  context: Context,
  deployed: Deployed,
  what: {
    readonly release: Release;
    readonly view: Viewpoint;
    readonly gates: readonly Gate[];
    readonly phase: ReleasePhase;
    readonly memory: LookMemory;
    /** Synthetic requests of this process so far, told beside the gates. */
    readonly synthetic?: SyntheticCount | undefined;
  },
): Promise<Look> {
  const { release, view, gates, phase, memory, synthetic } = what;
  const { rollout, thresholds, service, localCloud } = deployed.config;
  const policy = {
    ...(release.fastTrack === "" ? rollout : withoutBakes(rollout)),
    schedule: view.compared?.schedule,
  };
  const observation = await observe(context, deployed, view, memory);
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
  const assessments = withDryRun([...builtIn, ...asked, ...noted], policy);
  const [, actions, verdict] = transition(phase, assessments, policy, observation.nowMs);
  const { comparison } = observation;
  const judged = comparison?.readable === true ? comparison.value : undefined;
  const share = view.split[view.candidate];
  const isCompared = judged !== undefined && share > 0 && share < 100;
  const blindness = isCompared ? { spot: judged.blindSpot, saidBy: blindSpotReasons(judged) } : undefined;
  const words = sentence(verdict, view.candidate, share, blindness);
  const bake =
    phase.phase === "sharing"
      ? { sinceMs: phase.liveSinceMs, minutes: stepAt(policy, phase.share).bakeMinutes }
      : undefined;
  context.reporter.report({
    kind: "looked",
    release,
    split: view.split,
    nowMs: observation.nowMs,
    bake,
    steps: percents(policy.steps),
    assessments,
    verdict,
    sentence: words,
  });
  return { verdict, actions, sentence: words, comparison: judged };
}
