import { notApplicable, pass, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import { defineGate } from "./define.ts";

/** Whether users come in the configured shares: a bent split means that somebody is not where we think. */
export const sampleRatioGate: Gate = ({ observation, sticky }) => [
  { gate: "sample-ratio", about: "candidate", answer: answerOf(observation, sticky) },
];

function answerOf({ comparison, candidate }: Parameters<Gate>[0]["observation"], sticky: boolean): Answer {
  if (comparison === undefined || !comparison.readable) {
    return notApplicable("sample-ratio: there are no counts to compare");
  }
  const ratio = comparison.value.sampleRatio;
  if (candidate.share >= 100) return notApplicable("sample-ratio: all traffic is on one slot");
  if (ratio === undefined)
    return notApplicable("sample-ratio: the split has not been counted for long enough");
  const { observed, configured, bent } = ratio;
  const evidence = { observed: Number(observed.toPrecision(3)), configured };
  const words = `${(observed * 100).toPrecision(3)} % of the requests came to ${candidate.slot}, ${configured * 100} % is configured`;
  // Users who stay where they are come in the shares of an earlier split: that is what stickiness is for.
  if (sticky)
    return notApplicable(`sample-ratio: ${words}; users stay on a slot, so it is only told`, evidence);
  return bent ? unreadable(`sample-ratio: ${words}`, evidence) : pass(words, evidence);
}

export const definition = defineGate({
  names: ["sample-ratio"],
  asks: "Do users come in the configured traffic shares?",
  order: 90,
  sharing: sampleRatioGate,
});
