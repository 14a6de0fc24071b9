import type { Release } from "../contract/release.ts";
import { assess, type Gate } from "./core/assessment.ts";
import { decide, type ReleasePhase } from "./core/decide.ts";
import { sentence } from "./core/sentence.ts";
import type { Verdict } from "./core/verdict.ts";
import { observe, type Viewpoint } from "./observe.ts";
import type { Context, Deployed } from "./ports.ts";

export interface Look {
  readonly verdict: Verdict;
  readonly sentence: string;
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
  },
): Promise<Look> {
  const { release, view, gates, phase } = what;
  const { rollout: policy, thresholds } = deployed.config;
  const observation = await observe(context, deployed, view);
  const assessments = assess(gates, { observation, policy, thresholds });
  const verdict = decide(phase, assessments, policy, observation.nowMs);
  const words = sentence(verdict, view.candidate, view.split[view.candidate]);
  const bake =
    phase.phase === "starting" ? undefined : { sinceMs: phase.liveSinceMs, minutes: policy.bakeMinutes };
  context.reporter.report({
    kind: "looked",
    release,
    split: view.split,
    nowMs: observation.nowMs,
    bake,
    steps: policy.steps,
    assessments,
    verdict,
    sentence: words,
  });
  return { verdict, sentence: words };
}
