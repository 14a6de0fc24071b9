import { ALARM_KEYS, alarmSpec, asksService } from "../../../contract/alarms/alarm-catalog.ts";
import { serviceOf } from "../../../contract/config/model-service.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Slot } from "../../../contract/slot.ts";

/** What the program's outputs tell of a slot with a model: on ECS, or filled by something else. */
export function runningOutputs(config: StackConfig, slot: Slot) {
  const { image, modelVersion, minTasks, maxTasks } = config.slots[slot];
  if (image === undefined) return undefined;
  const isExternal = serviceOf(config, slot).kind === "external";
  const keys = ALARM_KEYS.filter((key) => !isExternal || !asksService(alarmSpec(key), config.thresholds));
  return {
    image,
    modelVersion,
    minTasks,
    maxTasks,
    ...(isExternal
      ? { definition: { kind: "external" } }
      : { serviceName: `service-${slot}`, taskDefinitionArn: `arn:task/${slot}:${modelVersion}` }),
    alarms: Object.fromEntries(keys.map((key) => [key, `${slot}-${key}`])),
    slotAlarm: slot,
  };
}
