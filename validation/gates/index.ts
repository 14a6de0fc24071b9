import type { Gate } from "../core/assessment.ts";
import { alarmsGate } from "./alarms.ts";
import { baselineGate } from "./baseline.ts";
import { clientErrorsGate } from "./client-errors.ts";
import { comparisonGate } from "./comparison.ts";
import { minimumRequestsGate } from "./minimum-requests.ts";
import { ownAlarmsGate, ownAlarmsStartingGate } from "./own-alarms.ts";
import { runningGate } from "./running.ts";
import { sampleRatioGate } from "./sample-ratio.ts";
import { targetHealthGate } from "./target-health.ts";
import { unansweredGate } from "./unanswered.ts";

/** What a candidate with users is judged by; those whose numbers say most come first in every sentence. */
export const SHARING_GATES: readonly Gate[] = [
  comparisonGate,
  unansweredGate,
  clientErrorsGate,
  minimumRequestsGate,
  alarmsGate,
  ownAlarmsGate,
  targetHealthGate,
  runningGate,
  sampleRatioGate,
  baselineGate,
];

/**
 * What a candidate must show before its first user: the comparison remembers an earlier release of the same digest. Its alarms are not among them: without users they say
 * nothing, and right after a deploy they still speak of the slot's former model.
 */
export const STARTING_GATES: readonly Gate[] = [
  comparisonGate,
  runningGate,
  targetHealthGate,
  ownAlarmsStartingGate,
  baselineGate,
];
