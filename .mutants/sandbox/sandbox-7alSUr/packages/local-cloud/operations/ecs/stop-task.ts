import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster, serviceKey } from "../../tasks/control.ts";
import { ecsInput, invalidParameter, text } from "../../tasks/resources/input.ts";
import { findTask, taskAnswer } from "../../tasks/resources/tasks.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  task: text,
  reason: v.optional(v.string(), "Task stopped by user"),
});

export default defineOperation({
  service: "ecs",
  name: "StopTask",
  run(control, raw) {
    const input = ecsInput("StopTask", Input, raw);
    const owned = findTask(control, findCluster(control, input.cluster), input.task);
    if (owned === undefined) throw invalidParameter("The referenced task was not found.");
    const { service, task } = owned;
    control.runners.get(serviceKey(service.cluster, service.name))?.stopTask(task.id, input.reason);
    return { task: taskAnswer(control, owned) };
  },
});
