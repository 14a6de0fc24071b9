import { defineAlarm } from "../define.ts";
import { PUBLISHED } from "../queries.ts";

export const definition = defineAlarm({
  order: 50,
  periodSeconds: 60,
  // All of seven: CloudWatch looks back further than that, so with it five minutes late some are known.
  datapointsToAlarm: 7,
  evaluationPeriods: 7,
  judges: false,
  pages: true,
  title: "number of healthy tasks, for seven minutes",
  why: "A slot that should run has no healthy task, or nothing is heard of any: no data is bad here, and it is only when a whole window has neither. It is made when the slot gets tasks, and warms up for as long as they may take to start, so that a slot that starts pages nobody.",
  thresholdKey: undefined,
  threshold: () => 1,
  comparison: "LessThanThreshold",
  treatMissingData: "breaching",
  appliesWhen: { share: false },
  proves: true,
  queries: () => [PUBLISHED],
});
