import type { ReplayRequestsOutcome } from "../../validation/shadow/replay-requests.ts";

/** `npx bluegreen replay-requests` on one screen. */
export function showShadow(outcome: ReplayRequestsOutcome): string {
  const { asked, skipped, examples, sentence, candidate, active } = outcome;
  const left = Object.entries(skipped).map(([reason, lines]) => `  not asked: ${lines} × ${reason}`);
  const differing = examples.flatMap((example) => [
    `  line ${example.line}: ${active}    ${cut(example.active)}`,
    `  ${" ".repeat(`line ${example.line}:`.length)} ${candidate}   ${cut(example.candidate)}`,
  ]);
  return [
    `  ${asked} requests, each to ${candidate} once and to ${active} twice`,
    ...left,
    ...latencyLine(outcome),
    ...(differing.length === 0 ? [] : [`  where ${candidate} alone answers otherwise:`, ...differing]),
    `→ ${sentence}`,
  ].join("\n");
}

function latencyLine({ latency, candidate, active }: ReplayRequestsOutcome): readonly string[] {
  const words = ["P50", "P90", "P99"].flatMap((name) => {
    const [own, other] = [latency[`candidate${name}Ms`], latency[`active${name}Ms`]];
    return own === undefined || other === undefined
      ? []
      : [`${name.toLowerCase()} ${own.toFixed(1)} ms (${other.toFixed(1)})`];
  });
  return words.length === 0 ? [] : [`  ${candidate} (${active}): ${words.join(", ")}`];
}

const cut = (text: string) => (text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text);
