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

/** A gate whose failure keeps the candidate from users that it has not, and ends nothing. */
const holding =
  (gate: Gate): Gate =>
  (input) =>
    gate(input).map((one) => (one.about === "candidate" ? { ...one, onFail: "hold" } : one));

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

/** What a candidate must show before it gets users again that it gave back; only the comparison may still end its release. */
export const RESUMING_GATES: readonly Gate[] = STARTING_GATES.map((gate) =>
  gate === comparisonGate ? gate : holding(gate),
);
