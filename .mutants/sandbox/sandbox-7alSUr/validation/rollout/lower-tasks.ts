import { serviceOf } from "../../contract/config/model-service.ts";
import { write } from "../stack/apply.ts";
import { settleChange, unsettled } from "../core/changes/settling.ts";
import { isDrained } from "../rollback/drain.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import { EXIT } from "../outcome.ts";

/** Beyond the time that requests in flight have: CloudWatch publishes late. */
const PATIENCE_MS = 600_000;

/**
 * Gives a slot its own number of tasks back that `deploy` had raised for a release, once that has ended and the slot
 * without users has answered the last of them. undefined: nothing is raised. A lower minimum takes no task away by
 * itself: scaling does, as far as the users allow it.
 */
export async function settleTasks(moment: Moment): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const { config, raw } = deployed;
  const left = unsettled(config);
  const { release } = config;
  if (left === undefined || release === undefined) return undefined;
  const { slot, own, raised, drains } = left;
  const sinceMs = Date.parse(release.stepSince);
  if (own < raised && (await isDrained(context, deployed, drains, sinceMs)) !== true) {
    const isLate =
      context.clock.now() >= sinceMs + serviceOf(config, drains).drainSeconds * 1000 + PATIENCE_MS;
    const sentence = `${slot} keeps at least ${countOf(raised)} until ${drains} is seen without requests; after that at least ${own}`;
    return outcomeOf(moment, "settled", { exitCode: EXIT.done, sentence, finished: isLate });
  }
  const sentence = `${slot} has at least ${countOf(own)} again, after ${raised} for release ${release.id}`;
  const change = settleChange(config, raw, release, left);
  const message = `bluegreen: ${sentence}`;
  const written = await write(context, { change, scope: "everything", refresh: false, message });
  if (written.kind !== "shown") return outcomeOf(moment, "settled", notWritten(written));
  return outcomeOf({ ...moment, deployed: written.deployed }, "settled", {
    exitCode: EXIT.done,
    sentence,
    // Both slots may have been raised.
    finished: unsettled(written.deployed.config) === undefined,
  });
}

export const countOf = (tasks: number) => (tasks === 1 ? "1 task" : `${tasks} tasks`);
