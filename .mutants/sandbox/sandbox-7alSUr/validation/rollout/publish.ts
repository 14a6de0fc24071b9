import { fullName } from "../../contract/names/names.ts";
import { stepNumber } from "../../contract/release/release-metrics.ts";
import type { StepOutcome } from "./step-types.ts";
import { attempt } from "../reading.ts";
import type { Context, Publisher } from "../ports.ts";

const MINUTE_MS = 60_000;

/**
 * Tells the dashboard what a step saw and decided. Nothing decides by it, so a failure to tell stops nothing; it
 * is said, because the dashboard then shows a release with holes.
 */
export async function publishStep(
  { project, stack, model, clock, publisher, reporter }: Context,
  steps: readonly number[],
  { split, release, verdict }: StepOutcome,
): Promise<void> {
  const facts = {
    stack: fullName({ project, stack, model }),
    atMs: clock.now(),
    split,
    step: stepNumber(steps, release, split),
    verdict: verdict?.kind,
  };
  const told = await attempt(() => publisher.publish(facts));
  if (told.readable) return;
  reporter.report({ kind: "note", message: `the dashboard was not told of this step: ${told.why}` });
}

type Telling = Pick<Publisher, "publish">;

/**
 * A publisher that repeats itself once a minute at most: CloudWatch keeps one value for each minute, and a rollout
 * looks every few seconds. What differs is told at once. A minute that could not be told is not tried again: a
 * step must not wait for it every time.
 */
export function sparingly(publisher: Telling): Telling {
  let told = "";
  return {
    async publish(facts) {
      const news = JSON.stringify({ ...facts, atMs: Math.floor(facts.atMs / MINUTE_MS) });
      if (news === told) return;
      told = news;
      await publisher.publish(facts);
    },
  };
}
