import type { DescribeTasksResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { arnOf, nameIn } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster } from "../../tasks/control.ts";
import { ecsInput, recorded, strings } from "../../tasks/resources/input.ts";
import { findTask, taskAnswer } from "../../tasks/resources/tasks.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  tasks: v.pipe(strings, v.minLength(1, "Tasks cannot be empty."), v.maxLength(100, "at most 100 tasks")),
  include: recorded,
});

export default defineOperation({
  service: "ecs",
  name: "DescribeTasks",
  run(control, raw): DescribeTasksResponse {
    const input = ecsInput("DescribeTasks", Input, raw);
    const cluster = findCluster(control, input.cluster);
    const found = input.tasks.map((name) => ({ name, owned: findTask(control, cluster, name) }));
    return {
      tasks: found.flatMap(({ owned }) => (owned === undefined ? [] : [taskAnswer(control, owned)])),
      failures: found
        .filter(({ owned }) => owned === undefined)
        .map(({ name }) => ({
          arn: arnOf("ecs", control.region, `task/${cluster.name}/${nameIn(name)}`),
          reason: "MISSING",
        })),
    };
  },
});
