import type { Release } from "../contract/release.ts";
import { requireDeployed } from "./apply.ts";
import { UserError } from "./errors.ts";
import type { Agreed, StepOptions, StepOutcome } from "./moment.ts";
import { messageOf } from "./observe.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import type { Context } from "./ports.ts";
import { step } from "./step.ts";

export interface RolloutOptions {
  /** Time between two looks, in the cloud's milliseconds. */
  readonly pollMs: number;
}

export interface RolloutOutcome extends Outcome {
  readonly result: "promoted" | "rolledBack" | "waits";
  readonly release: Release | undefined;
  /** The last step, with its verdict and evidence. */
  readonly last: StepOutcome;
}

/** So many steps in a row that brought no look are more than a hiccup. */
const PATIENCE = 10;

/**
 * The whole way of a release: first users, step by step, promotion. Resumable: killed and started again, it
 * finds the release where it was. Ends when the release is promoted, taken back, or needs a person.
 */
export async function rollout(context: Context, options: RolloutOptions): Promise<RolloutOutcome> {
  const { config } = await requireDeployed(context);
  if (config.release === undefined) throw new UserError("BG113", "The stack had no release yet.");
  const startDeadlineMs = context.clock.now() + config.rollout.deadlineMinutes * 60_000;
  let agreed: Agreed | undefined;
  let fruitless = 0;
  for (;;) {
    const stepped = await tryStep(context, { start: true, startDeadlineMs, agreed });
    if (stepped.kind === "done") {
      if (stepped.outcome.finished) return conclude(stepped.outcome);
      agreed = stepped.outcome.agreed ?? agreed;
    }
    const looked = stepped.kind === "done" && stepped.outcome.verdict !== undefined;
    fruitless = looked ? 0 : fruitless + 1;
    if (fruitless > PATIENCE)
      throw stepped.kind === "broke" ? stepped.error : new Error(stepped.outcome.sentence);
    await context.clock.sleep(options.pollMs);
  }
}

type Stepped =
  | { readonly kind: "done"; readonly outcome: StepOutcome }
  | { readonly kind: "broke"; readonly error: unknown };

/**
 * A backend or a network that fails for a moment must not leave users on a candidate that nobody watches, so
 * the step is repeated. What a person has to mend ends the rollout at once.
 */
async function tryStep(context: Context, options: StepOptions): Promise<Stepped> {
  try {
    return { kind: "done", outcome: await step(context, options) };
  } catch (error) {
    if (error instanceof UserError && error.code !== "BG130") throw error;
    const message = `the step broke off and is repeated: ${messageOf(error)}`;
    context.reporter.report({ kind: "note", message });
    return { kind: "broke", error };
  }
}

function conclude(last: StepOutcome): RolloutOutcome {
  const { release, sentence } = last;
  const base = { sentence, release, last };
  if (release?.state === "promoted") return { ...base, exitCode: EXIT.done, result: "promoted" };
  if (release?.state === "rolledBack" || last.exitCode === EXIT.rolledBack) {
    const why =
      last.situation === "settled" ? `release ${release?.id} was taken back: ${release?.reason}` : sentence;
    return { ...base, sentence: why, exitCode: EXIT.rolledBack, result: "rolledBack" };
  }
  return { ...base, exitCode: last.exitCode, result: "waits" };
}
