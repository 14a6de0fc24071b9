import { isOver } from "../../contract/cohorts/cohort.ts";
import { EXIT } from "../outcome.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "../rollout/step-types.ts";
import { write } from "../stack/apply.ts";
import { withoutOver } from "./cohorts.ts";

/**
 * Takes rules away whose end has come, while no release is open: an update of everything would stand in the way of one.
 * undefined: none is over.
 */
export async function settleCohorts(moment: Moment): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const nowMs = context.clock.now();
  const change = withoutOver(deployed.config, nowMs);
  if (change === undefined) return undefined;
  const names = deployed.config.cohorts.filter((one) => isOver(one, nowMs)).map(({ name }) => name);
  const sentence = `the time of cohort ${names.join(", ")} is over: it goes by the route again`;
  const message = `bluegreen: ${sentence}`;
  const written = await write(context, { change, scope: "everything", refresh: false, message });
  if (written.kind !== "shown") return outcomeOf(moment, "settled", notWritten(written));
  const after = { ...moment, deployed: written.deployed };
  return outcomeOf(after, "settled", { exitCode: EXIT.done, sentence, finished: false });
}
