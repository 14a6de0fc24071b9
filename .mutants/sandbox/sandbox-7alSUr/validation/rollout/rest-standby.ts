import { restChange, restOf } from "../core/changes/resting.ts";
import { isDrained } from "../rollback/drain.ts";
import { EXIT } from "../outcome.ts";
import { write } from "../stack/apply.ts";
import { countOf } from "./lower-tasks.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";

/**
 * Takes tasks from a standby that has stood by for as long as the policy wants it warm, and has answered its last request.
 * undefined: it stays as it is, or its time has not come.
 */
export async function restStandby(moment: Moment): Promise<StepOutcome | undefined> {
  const { context, deployed } = moment;
  const { config, raw } = deployed;
  const rest = restOf(config);
  if (rest === undefined || context.clock.now() < rest.fromMs) return undefined;
  const { slot, own, tasks } = rest;
  const sinceMs = Date.parse(config.release?.stepSince ?? "");
  if ((await isDrained(context, deployed, slot, sinceMs)) !== true) {
    const sentence = `${slot} keeps at least ${countOf(own)} until it is seen without requests; after that ${tasks} (rollout.standby)`;
    return outcomeOf(moment, "settled", { exitCode: EXIT.done, sentence, finished: true });
  }
  const back = tasks === 0 ? "; to bring it back" : "; a revert is slow until it has more. To give it them";
  const sentence = `${slot} stands by with at least ${countOf(tasks)}, after ${own}${back}: pulumi config set --path ${slot}.minTasks ${own} && pulumi up`;
  const message = `bluegreen: ${slot} stands by with at least ${countOf(tasks)}, after ${own}`;
  const change = restChange(config, raw, rest);
  const written = await write(context, { change, scope: "everything", refresh: false, message });
  if (written.kind !== "shown") return outcomeOf(moment, "settled", notWritten(written));
  return outcomeOf({ ...moment, deployed: written.deployed }, "settled", {
    exitCode: EXIT.done,
    sentence,
    finished: true,
  });
}
