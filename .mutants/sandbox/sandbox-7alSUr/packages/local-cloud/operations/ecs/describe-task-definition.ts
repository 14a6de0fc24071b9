import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findTaskDefinition } from "../../tasks/control.ts";
import { ecsInput, fromTags, strings, text } from "../../tasks/resources/input.ts";
import { taskDefinitionAnswer } from "../../tasks/resources/task-definition-answer.ts";

const Input = v.strictObject({ taskDefinition: text, include: v.optional(strings, []) });

export default defineOperation({
  service: "ecs",
  name: "DescribeTaskDefinition",
  run(control, raw) {
    const input = ecsInput("DescribeTaskDefinition", Input, raw);
    const record = findTaskDefinition(control, input.taskDefinition);
    const tags = input.include.includes("TAGS") ? { tags: fromTags(record.tags) } : {};
    return { taskDefinition: taskDefinitionAnswer(record), ...tags };
  },
});
