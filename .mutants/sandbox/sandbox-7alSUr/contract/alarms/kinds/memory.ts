import { defineAlarm } from "../define.ts";
import { EVERY_MINUTE, JUDGED, onService } from "../queries.ts";

export const definition = defineAlarm({
  order: 70,
  ...EVERY_MINUTE,
  ...JUDGED,
  title: "average memory utilisation of the tasks",
  why: "Models grow with every version; at 100 % ECS kills the task.",
  thresholdKey: "maxMemoryUtilization",
  threshold: ({ maxMemoryUtilization }) => maxMemoryUtilization,
  comparison: "GreaterThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: false },
  proves: true,
  queries: () => [onService("memory", "MemoryUtilization", "Average")],
});
