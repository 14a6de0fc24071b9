import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { TaskDefinitionRecord } from "../model.ts";

/** The task definition as DescribeTaskDefinition answers it. */
export function taskDefinitionAnswer(record: TaskDefinitionRecord): TaskDefinition {
  const { deregisteredAtMs } = record;
  return {
    ...record.definition,
    status: deregisteredAtMs === undefined ? "ACTIVE" : "INACTIVE",
    registeredAt: new Date(record.registeredAtMs),
    ...(deregisteredAtMs === undefined ? {} : { deregisteredAt: new Date(deregisteredAtMs) }),
  };
}
