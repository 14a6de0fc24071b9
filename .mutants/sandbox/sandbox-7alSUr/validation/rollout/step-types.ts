import type { Release } from "../../contract/release/release.ts";
import type { Split } from "../../contract/route/split.ts";
import type { Written } from "../stack/apply.ts";
import type { Judgement } from "../core/comparison/judgement.ts";
import type { Situation } from "../core/situation.ts";
import type { Verdict } from "../core/verdict.ts";
import type { CheckMemory } from "./observe.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Fate } from "../core/owner.ts";
import type { Context, Deployed } from "../ports.ts";
import type { SyntheticCount } from "../gates/synthetic-load.ts";
import type { Warm } from "./warming.ts";

/** When a generation's split was first read back by this process, in the cloud's time. */
export interface Agreed {
  readonly generation: number;
  readonly atMs: number;
}

/** How a rollout comes to own a release; a scheduled `step` owns none. */
export interface Ownership {
  /** Whether to go on with a release that another rollout may still own. */
  readonly takeOver: boolean;
  /** How it stands with a run of our tools, by the id that its owner names. */
  readonly fateOfRun: (run: string) => Fate;
}

export interface StepOptions {
  /** Whether a candidate without users gets its first ones: `rollout` says so, a scheduled step does not. */
  readonly start: boolean;
  /** Until when such a candidate may become ready, epoch ms of the cloud's clock. */
  readonly startDeadlineMs: number;
  /** Whether a candidate that has users gets no more of them by this step; undefined: it may. */
  readonly watchOnly?: boolean | undefined;
  /** Whether it gets them also when it has not passed its pre-traffic tests; that is written down. */
  readonly skipTests?: boolean | undefined;
  /** What the former step of the same process brought. */
  readonly agreed: Agreed | undefined;
  /** What this process remembers from look to look; a step of its own remembers nothing. */
  readonly memory?: CheckMemory | undefined;
  /** Given by a rollout, which owns the release that it moves; undefined: a step of its own. */
  readonly ownership?: Ownership | undefined;
  /** Synthetic requests that this process has sent so far; undefined: it sends none. */
  readonly synthetic?: (() => SyntheticCount) | undefined;
  /** Warms a candidate before its first users; undefined: nobody does. */
  readonly warm?: Warm | undefined;
  /** Gets each step with what was deployed when it looked, for the release's journal; nothing waits for it. */
  readonly looked?: Looked | undefined;
}

export type Looked = (step: StepOutcome, before: Deployed) => void;

export interface StepOutcome extends Outcome {
  /** Whether another step would find nothing to do, or manual action is required first. */
  readonly finished: boolean;
  readonly situation: Situation["kind"] | "unreadable";
  readonly release: Release | undefined;
  /** As the route has it after the step; undefined: not known. */
  readonly split: Split | undefined;
  readonly verdict: Verdict | undefined;
  readonly agreed: Agreed | undefined;
  /** What was compared, with the counts that were used; undefined: nothing was. */
  readonly comparison?: Judgement | undefined;
}

/** What every part of a step works with. */
export interface Moment {
  readonly context: Context;
  readonly deployed: Deployed;
  readonly live: Split;
  readonly options: StepOptions;
}

/** An outcome with what every outcome of this moment has. */
export function outcomeOf(
  { deployed, live }: Pick<Moment, "deployed" | "live">,
  situation: StepOutcome["situation"],
  own: Pick<StepOutcome, "exitCode" | "sentence" | "finished"> & Partial<StepOutcome>,
): StepOutcome {
  const release = deployed.config.release;
  return { situation, release, split: live, verdict: undefined, agreed: undefined, ...own };
}

/** The stack is busy, or the route lags: nothing is lost, and another step looks again. */
export function notWritten(
  written: Exclude<Written, { kind: "shown" }>,
): Pick<StepOutcome, "exitCode" | "sentence" | "finished"> {
  if (written.kind === "locked" && written.isStuck) {
    const { message, fix } = written.held;
    return { exitCode: EXIT.needsPerson, sentence: `${message} ${fix}`, finished: false };
  }
  return written.kind === "locked"
    ? { exitCode: EXIT.done, sentence: `waiting: the stack is held by ${written.who}`, finished: false }
    : {
        exitCode: EXIT.failure,
        sentence: "the update is done, but the route does not show its split",
        finished: false,
      };
}
