import { defineAlarm } from "../define.ts";
import { PUBLISHED, EVERY_MINUTE, JUDGED, onTargetGroup, trimmedCount, wherePublished } from "../queries.ts";

export const definition = defineAlarm({
  order: 30,
  ...EVERY_MINUTE,
  ...JUDGED,
  title: "share of requests whose answer began late",
  why: "A count of slow requests is exact at any traffic; a p99 needs 1,000 samples in the period before it means anything.",
  thresholdKey: "maxSlowRate",
  threshold: ({ maxSlowRate }) => maxSlowRate,
  comparison: "GreaterThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: true },
  proves: true,
  queries: ({ minRequestsPerMinute, slowSeconds }) => [
    onTargetGroup("answers", "TargetResponseTime", "SampleCount"),
    onTargetGroup("slow", "TargetResponseTime", trimmedCount(slowSeconds)),
    PUBLISHED,
    {
      id: "rate",
      expression: wherePublished(
        `IF(FILL(answers, 0) >= ${minRequestsPerMinute}, FILL(slow, 0) / answers, 0)`,
      ),
    },
  ],
  rate: { kind: "slow", counted: (of) => ({ exposure: of("answers"), events: of("slow") }) },
});
