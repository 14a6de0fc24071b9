import { logGroupOf } from "../../contract/names/names.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import type { Slot } from "../../contract/slot.ts";
import { requireDeployed } from "../stack/apply.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";
import { familyOf } from "../core/runs.ts";
import { filledBySomethingElse } from "../deploy/external.ts";
import type { ReadLogs, TaskLog } from "../deploy/task-log.ts";

export interface LogsOutcome extends Outcome {
  readonly slot: Slot;
  /** `family:revision` that the last update requested; tasks may be of another one. */
  readonly requested: string;
  readonly tasks: readonly TaskLog[];
  /** Where the output is on AWS, and the command that shows it; undefined on the local cloud. */
  readonly aws: { readonly logGroup: string; readonly command: string } | undefined;
}

/**
 * What the tasks of a slot wrote last: at most so many lines of each. On AWS the place, and the command that shows it:
 * the AWS CLI follows, filters and signs in already.
 */
export async function logs(
  context: Context,
  slot: Slot,
  lines: number,
  read: ReadLogs | undefined,
): Promise<LogsOutcome> {
  const { outputs } = await requireDeployed(context);
  const { running } = outputs.slots[slot];
  if (running === undefined) throw new UserError("BG170", `${slot} is empty.`);
  if (!isOnEcs(running)) throw filledBySomethingElse([slot]);
  const requested = familyOf(running.taskDefinitionArn);
  if (read === undefined) {
    const logGroup = logGroupOf(running.serviceName);
    const command = `aws logs tail ${logGroup} --follow --region ${outputs.region}`;
    const sentence = `the log group of ${slot} is ${logGroup}: ${command}`;
    return { exitCode: EXIT.done, sentence, slot, requested, tasks: [], aws: { logGroup, command } };
  }
  const tasks = await read(running.serviceName, lines);
  const shown = tasks.reduce((sum, task) => sum + task.lines.length, 0);
  const sentence = `${shown} lines of ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"} of ${slot}`;
  return { exitCode: EXIT.done, sentence, slot, requested, tasks, aws: undefined };
}
