import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Gate,
} from "../core/assessment.ts";
import type { Count } from "../core/comparison/counts.ts";
import type { Recent } from "../core/comparison/recent.ts";
import type { Observation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/**
 * Answers 4xx compared with the active slot's in the last minutes: a model that refuses what the former one took serves its
 * users no better than one that breaks. The comparison moves them back where it is clear; what is less holds the release.
 */
export const clientErrorsGate: Gate = ({ observation, policy }) => [
  {
    gate: "client-errors",
    about: "candidate",
    onFail: "hold",
    answer: policy.compareClientErrors
      ? answerOf(observation)
      : notApplicable("client-errors: not compared (rollout.compareClientErrors)"),
  },
];

function answerOf({ comparison, candidate, active }: Observation): Answer {
  if (comparison === undefined) return notApplicable("client-errors: the candidate had no users yet");
  if (!comparison.readable)
    return unreadable(`client-errors: the counts could not be read (${comparison.why})`);
  const { clientErrors } = comparison.value;
  if (clientErrors === undefined)
    return notApplicable("client-errors: the counts that were kept do not tell them");
  if (candidate.share <= 0 || candidate.share >= 100 || active.share === 0)
    return notApplicable("client-errors: nobody is on the other slot to compare with");
  const evidence = evidenceOf(clientErrors);
  const { minutes, isMore } = clientErrors;
  if (clientErrors.candidate.exposure === 0 || clientErrors.active.exposure === 0)
    return tooEarly("client-errors: not both slots have answered yet", evidence);
  const words = `client-errors: ${counted(clientErrors.candidate)} on ${candidate.slot} are 4xx, ${counted(clientErrors.active)} on ${active.slot}, in ${minutes} minutes`;
  return isMore ? fail(`${words}; ${whose(candidate.slot, active.slot)}`, evidence) : pass(words, evidence);
}

const whose = (candidate: string, active: string) =>
  `${candidate} refuses what ${active} takes, or is asked something else: npx bluegreen logs ${candidate}`;

const counted = ({ events, exposure }: Count) => {
  const rate = exposure > 0 ? events / exposure : 0;
  return `${Math.round(events)} of ${Math.round(exposure)} answers (${Number((rate * 100).toPrecision(2))} %)`;
};

const evidenceOf = ({ candidate, active, minutes }: Recent) => ({
  candidateAnswers: candidate.exposure,
  candidate4xx: candidate.events,
  activeAnswers: active.exposure,
  active4xx: active.events,
  minutes,
});

export const definition = defineGate({
  names: ["client-errors"],
  asks: "Does the candidate answer clearly more requests with 4xx than the active slot? It holds.",
  order: 30,
  sharing: clientErrorsGate,
});
