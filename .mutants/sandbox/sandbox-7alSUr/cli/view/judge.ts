import type { JudgeAnswer } from "../../validation/judge/judge-pair.ts";

/** `npx bluegreen judge` for people: the verdict, the counts, and what each gate said. */
export function showJudgeAnswer(answer: JudgeAnswer): string {
  const { sentence, candidate, active, evidence, needed, blindSpot, since, gates } = answer;
  if (gates.length === 0) return sentence;
  const seen = Number((blindSpot * 100).toPrecision(2));
  return [
    sentence,
    `  candidate  ${candidate.requests} requests, ${Math.round(candidate.failed)} failed`,
    `  active     ${active.requests} requests, ${Math.round(active.failed)} failed`,
    `  compared since ${since}; evidence of harm ${evidence}, ${needed} rolls back; smallest detectable failure rate ${seen} %`,
    ...gates.map(({ answer: { kind, reason } }) => `  ${kind}: ${reason}`),
  ].join("\n");
}
