import type { Release } from "../contract/release.ts";
import { assess, type Gate } from "./core/assessment.ts";
import { decide, type ReleasePhase } from "./core/decide.ts";
import { sentence } from "./core/sentence.ts";
import type { Verdict } from "./core/verdict.ts";
import { askCustomGates } from "./custom-gates.ts";
import { syntheticNote, type SyntheticCount } from "./gates/synthetic-load.ts";
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
    /** Synthetic requests of this process so far, told beside the gates. */
    readonly synthetic?: SyntheticCount | undefined;
  },
): Promise<Look> {
  const { release, view, gates, phase, synthetic } = what;
  const { rollout, thresholds } = deployed.config;
  const policy = release.fastTrack === "" ? rollout : { ...rollout, bakeMinutes: 0 };
  const observation = await observe(context, deployed, view);
  const builtIn = assess(gates, { observation, policy, thresholds });
  const hasUsers = phase.phase === "sharing";
  const asked = hasUsers ? await askCustomGates(context, deployed, release, view, builtIn) : [];
  const assessments = [...builtIn, ...asked, ...(synthetic === undefined ? [] : [syntheticNote(synthetic)])];
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
