import { defineAlarm } from "../define.ts";
import {
  ANSWERS,
  GOOD_ANSWERS,
  PUBLISHED,
  EVERY_MINUTE,
  JUDGED,
  answersOf,
  onTargetGroup,
  wherePublished,
} from "../queries.ts";

export const definition = defineAlarm({
  order: 20,
  ...EVERY_MINUTE,
  ...JUDGED,
  title: "share of requests that got no answer: the model hangs or dies, or the client gave up",
  why: "The load balancer's own 502 and 504 carry no target group, and neither does its 460 for a client that left, so a crash in mid-request shows only as a request without an answer: requests minus answers of the same minute. Where answers take minutes, a rise of the traffic shows as long as an answer takes.",
  thresholdKey: "maxErrorRate",
  threshold: ({ maxErrorRate }) => maxErrorRate,
  comparison: "GreaterThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: true },
  proves: false,
  queries: ({ minRequestsPerMinute }) => [
    onTargetGroup("requests", "RequestCount", "Sum"),
    ...ANSWERS,
    PUBLISHED,
    {
      id: "rate",
      expression: wherePublished(
        `IF(FILL(requests, 0) >= ${minRequestsPerMinute}, (requests - (${GOOD_ANSWERS} + FILL(errors, 0))) / requests, 0)`,
      ),
    },
  ],
  rate: {
    kind: "failed",
    counted: (of) => ({ exposure: of("requests"), events: of("requests") - answersOf(of) }),
  },
});
