import { modelWords } from "../../contract/release/release.ts";
import { showSplit } from "../../contract/route/split.ts";
import type { Answer, Assessment } from "../core/assessment.ts";
import type { ComparisonRecord, MetricRecord } from "../core/comparison/record.ts";
import { waivedWords } from "../core/tested.ts";
import type { EvidenceRecord } from "./evidence.ts";
import { interval } from "./explain.ts";
import { answerWords, blindWords, clockTime, number, percent, sureWords, whole } from "./words.ts";

const WORDS: Readonly<Record<Answer["kind"], string>> = {
  pass: "pass",
  fail: "**fail**",
  noAnswer: "no answer",
  notApplicable: "not applicable",
};

/** A record as Markdown, for the step summary of a GitHub job. */
export function markdown(record: EvidenceRecord): string {
  const { stack, at, sentence, split, release, model, gates, comparison } = record;
  const waived = release && waivedWords(release);
  const facts = [
    `Stack \`${stack}\`, ${at}`,
    split === undefined ? "split unknown" : showSplit(split),
    release === undefined ? "no release" : `release \`${release.id}\`: ${release.state}`,
    ...(model === undefined ? [] : [escape(modelWords(model))]),
    ...(waived === undefined ? [] : [escape(waived)]),
  ];
  const table =
    gates.length === 0 ? [] : ["", "| gate | about | answer | what it saw |", "|---|---|---|---|"];
  return [
    `### ${escape(sentence)}`,
    "",
    facts.join(" · "),
    ...(comparison === undefined ? [] : compared(comparison)),
    ...table,
    ...gates.map(gateRow),
    "",
  ].join("\n");
}

/** Candidate and active slot side by side, metric by metric. */
function compared(record: ComparisonRecord): string[] {
  const { metrics, evidence, needed, settings, blindSpot, share, answers } = record;
  const sure = sureWords(settings.alpha);
  return [
    "",
    `Evidence of harm ${number(evidence)} of ${number(needed)} needed · ${blindWords(share, blindSpot)} · candidate at ${share} %`,
    "",
    `| metric | candidate | active slot | ratio | ${sure} interval | evidence | φ | minutes (UTC) |`,
    "|---|---|---|---|---|---|---|---|",
    ...metrics.map(metricRow),
    ...(answers === undefined
      ? []
      : [
          "",
          `Answers: candidate ${answerWords(answers.candidate)}; active slot ${answerWords(answers.active)}`,
        ]),
  ];
}

function metricRow(metric: MetricRecord): string {
  const { name, candidate, active, ratio, contribution, dispersion, window } = metric;
  const cells = [
    name,
    counts(candidate),
    counts(active),
    ratio.estimate === undefined ? "-" : number(ratio.estimate),
    interval(ratio),
    number(contribution),
    `${number(dispersion.phi)}${dispersion.assumed ? " (assumed)" : ""}`,
    window === undefined
      ? "-"
      : `${clockTime(Date.parse(window.from))} to ${clockTime(Date.parse(window.to))}`,
  ];
  return `| ${cells.map(escape).join(" | ")} |`;
}

const counts = ({ events, requests, rate }: MetricRecord["candidate"]) =>
  `${whole(events)} of ${whole(requests)}${rate === undefined ? "" : ` (${percent(rate)})`}`;

function gateRow({ gate, about, answer, dryRun = false }: Assessment): string {
  const word = WORDS[answer.kind] + (dryRun ? " (dry run)" : "");
  return `| ${escape(gate)} | ${about} | ${word} | ${escape(answer.reason)} |`;
}

/** Text that came from elsewhere (alarm reasons, ECS events) must not become markup or break the table. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
}
