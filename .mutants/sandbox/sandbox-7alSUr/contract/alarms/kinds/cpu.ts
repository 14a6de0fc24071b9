import { defineAlarm } from "../define.ts";
import { EVERY_MINUTE, JUDGED, onService } from "../queries.ts";

export const definition = defineAlarm({
  order: 60,
  ...EVERY_MINUTE,
  ...JUDGED,
  title: "average CPU utilisation of the tasks",
  why: "A slot near saturation will be slow at the next step; the metric is published as long as tasks run, so a gap stays what it was.",
  thresholdKey: "maxCpuUtilization",
  threshold: ({ maxCpuUtilization }) => maxCpuUtilization,
  comparison: "GreaterThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: false },
  proves: true,
  queries: () => [onService("cpu", "CPUUtilization", "Average")],
});
