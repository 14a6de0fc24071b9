import { defineAlarm } from "../define.ts";
import { PUBLISHED, EVERY_MINUTE } from "../queries.ts";

export const definition = defineAlarm({
  order: 40,
  ...EVERY_MINUTE,
  judges: true,
  // A slot that starts has none for a while, too: see out-of-service.
  pages: false,
  title: "number of healthy tasks",
  why: "A slot without a healthy task answers nothing that the other alarms could count. The greatest number of a minute: each zone's load balancer node reports its own, and one without a target must not look like a slot without.",
  thresholdKey: undefined,
  threshold: () => 1,
  comparison: "LessThanThreshold",
  treatMissingData: "missing",
  appliesWhen: { share: false },
  proves: true,
  queries: () => [PUBLISHED],
});
