import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findTaskDefinition } from "../../tasks/control.ts";
import { ecsInput, text } from "../../tasks/resources/input.ts";
import { taskDefinitionAnswer } from "../../tasks/resources/task-definition-answer.ts";

const Input = v.strictObject({ taskDefinition: text });

export default defineOperation({
  service: "ecs",
  name: "DeregisterTaskDefinition",
  run(control, raw) {
    const input = ecsInput("DeregisterTaskDefinition", Input, raw);
    const record = findTaskDefinition(control, input.taskDefinition);
    record.deregisteredAtMs ??= control.clock.now();
    control.changed();
    return { taskDefinition: taskDefinitionAnswer(record) };
  },
});
