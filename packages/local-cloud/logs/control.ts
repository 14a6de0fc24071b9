import type { EcsControl } from "../tasks/control.ts";
import { findTaskDefinition } from "../tasks/control.ts";
import { readLogName } from "../tasks/log-files.ts";
import type { LogTimes } from "./log-times.ts";
import type { LogStream } from "./read-events.ts";

/** What the operations of CloudWatch Logs work on: groups are those that the containers of services write to. */
export interface LogsControl {
  /** The streams of a group, the newest first; undefined: nothing writes to such a group. */
  streamsOf(group: string): readonly LogStream[] | undefined;
}

export function logsControl(
  ecs: EcsControl,
  filesOf: (service: string) => readonly string[],
  times: LogTimes,
): LogsControl {
  return {
    streamsOf(group) {
      const writers = Object.values(ecs.model.services).flatMap(({ name, deployments }) => {
        const prefix = deployments
          .map(({ taskDefinition }) => streamOf(ecs, taskDefinition, group))
          .find((one) => one !== undefined);
        return prefix === undefined ? [] : [{ name, prefix }];
      });
      if (writers.length === 0) return undefined;
      return writers.flatMap(({ name, prefix }) =>
        filesOf(name).map((file) => ({
          name: `${prefix}/${readLogName(file).taskId}`,
          file,
          marks: times.marks(file),
        })),
      );
    },
  };
}

/** Amazon ECS, "awslogs-stream-prefix": a stream is `prefix/container/task`. undefined: it writes to another group. */
function streamOf(ecs: EcsControl, taskDefinition: string, group: string): string | undefined {
  const { containerDefinitions = [] } = findTaskDefinition(ecs, taskDefinition).definition;
  for (const { name = "", logConfiguration } of containerDefinitions) {
    const options = logConfiguration?.options;
    if (options?.["awslogs-group"] !== group) continue;
    const prefix = options["awslogs-stream-prefix"];
    return prefix === undefined ? name : `${prefix}/${name}`;
  }
  return undefined;
}
