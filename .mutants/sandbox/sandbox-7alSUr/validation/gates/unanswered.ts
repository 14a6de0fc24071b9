import { fail, notApplicable, pass, type Answer, type Gate } from "../core/assessment.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { Recent } from "../core/comparison/recent.ts";
import type { Observation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/**
 * Requests without an answer, where users stay on their slot: whoever takes a cookie of the candidate can leave as many
 * of them there as he likes. They hold the release, and never end it.
 */
export const unansweredGate: Gate = ({ observation, sticky }) => [
  { gate: "unanswered", about: "candidate", onFail: "hold", answer: answerOf(observation, sticky) },
];

function answerOf({ comparison, candidate, active }: Observation, sticky: boolean): Answer {
  if (!sticky) return notApplicable("unanswered: nobody can choose a slot, so the comparison counts them");
  if (comparison === undefined || !comparison.readable) {
    return notApplicable("unanswered: there are no counts to compare");
  }
  const { silence } = comparison.value;
  if (silence === undefined || silence.minutes === 0 || candidate.share >= 100 || active.share === 0) {
    return notApplicable("unanswered: there is nobody to compare with");
  }
  const words = `unanswered: ${counted(silence.candidate)} on ${candidate.slot}, ${counted(silence.active)} on ${active.slot}, in ${silence.minutes} minutes`;
  const evidence = evidenceOf(silence);
  return silence.isMore ? fail(`${words}; ${eitherOr(candidate.slot)}`, evidence) : pass(words, evidence);
}

/** What requests without an answer may mean, and how to find out. */
export const eitherOr = (slot: string) =>
  `it hangs or dies, or clients gave up, and no metric tells which: npx bluegreen logs ${slot}, the load balancer's access logs (460: the client left), your clients' timeouts`;

const counted = ({ events, exposure }: Count) => `${Math.round(events)} of ${Math.round(exposure)} requests`;

const evidenceOf = ({ candidate, active, minutes }: Recent) => ({
  candidateRequests: candidate.exposure,
  candidateUnanswered: candidate.events,
  activeRequests: active.exposure,
  activeUnanswered: active.events,
  minutes,
});

export const definition = defineGate({
  names: ["unanswered"],
  asks: "Where users stay on their slot: do clearly more requests of the candidate get no answer? It holds, because strangers can bring it about.",
  order: 20,
  sharing: unansweredGate,
});
