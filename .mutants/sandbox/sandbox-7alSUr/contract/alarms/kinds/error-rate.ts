import { defineAlarm } from "../define.ts";
import {
  ANSWERS,
  FAILURES,
  GOOD_ANSWERS,
  PUBLISHED,
  EVERY_MINUTE,
  JUDGED,
  answersOf,
  onTargetGroup,
  wherePublished,
} from "../queries.ts";

export const definition = defineAlarm({
  order: 10,
  ...EVERY_MINUTE,
  ...JUDGED,
  title: "share of answers that were 5xx, and of connections that the tasks refused",
  why: "What the slot did itself, so that nobody outside can bring it about by closing connections: 5xx answers, and connections that no task took. Counted among the answers of the same minute: requests that were given up make it neither greater nor smaller, and how long an answer took does not matter.",
  thresholdKey: "maxErrorRate",
  threshold: ({ maxErrorRate }) => maxErrorRate,
  comparison: "GreaterThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: true },
  proves: true,
  queries: ({ minRequestsPerMinute }) => [
    ...ANSWERS,
    onTargetGroup("refused", "TargetConnectionErrorCount", "Sum"),
    PUBLISHED,
    {
      id: "rate",
      expression: wherePublished(
        `IF(${GOOD_ANSWERS} + ${FAILURES} >= ${minRequestsPerMinute}, (${FAILURES}) / (${GOOD_ANSWERS} + ${FAILURES}), 0)`,
      ),
    },
  ],
  rate: {
    kind: "failed",
    counted: (of) => ({ exposure: answersOf(of) + of("refused"), events: of("errors") + of("refused") }),
  },
});
