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
        const containers = deployments
          .map(({ taskDefinition }) => writersOf(ecs, taskDefinition, group))
          .find((some) => some.length > 0);
        return containers === undefined ? [] : [{ name, containers }];
      });
      if (writers.length === 0) return undefined;
      return writers.flatMap(({ name, containers }) =>
        filesOf(name).flatMap((file) => {
          const { taskId, container } = readLogName(file);
          // The log of a task with one container has no name of it.
          const writer = containers.find((one) => container === undefined || one.name === container);
          if (writer === undefined) return [];
          return [{ name: `${writer.prefix}${writer.name}/${taskId}`, file, marks: times.marks(file) }];
        }),
      );
    },
  };
}

interface Writer {
  /** Of the container. */
  readonly name: string;
  readonly prefix: string;
}

/** Containers that write to the group. Amazon ECS, "awslogs-stream-prefix": a stream is `prefix/container/task`. */
function writersOf(ecs: EcsControl, taskDefinition: string, group: string): readonly Writer[] {
  const { containerDefinitions = [] } = findTaskDefinition(ecs, taskDefinition).definition;
  return containerDefinitions.flatMap(({ name = "", logConfiguration }) => {
    const options = logConfiguration?.options;
    if (options?.["awslogs-group"] !== group) return [];
    const prefix = options["awslogs-stream-prefix"];
    return [{ name, prefix: prefix === undefined ? "" : `${prefix}/` }];
  });
}
