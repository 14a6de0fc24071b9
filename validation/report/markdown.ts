import { showSplit } from "../../contract/split.ts";
import type { Answer, Assessment } from "../core/assessment.ts";
import type { EvidenceRecord } from "./evidence.ts";

const WORDS: Readonly<Record<Answer["kind"], string>> = {
  pass: "pass",
  fail: "**fail**",
  noAnswer: "no answer",
  notApplicable: "not applicable",
};

/** A record as Markdown, for the step summary of a GitHub job. */
export function markdown(record: EvidenceRecord): string {
  const { stack, at, sentence, split, release, gates } = record;
  const facts = [
    `Stack \`${stack}\`, ${at}`,
    split === undefined ? "split unknown" : showSplit(split),
    release === undefined ? "no release" : `release \`${release.id}\`: ${release.state}`,
  ];
  const table =
    gates.length === 0 ? [] : ["", "| gate | about | answer | what it saw |", "|---|---|---|---|"];
  return [`### ${escape(sentence)}`, "", facts.join(" · "), ...table, ...gates.map(row), ""].join("\n");
}

function row({ gate, about, answer }: Assessment): string {
  return `| ${gate} | ${about} | ${WORDS[answer.kind]} | ${escape(answer.reason)} |`;
}

/** Text that came from elsewhere (alarm reasons, ECS events) must not become markup or break the table. */
function escape(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
}
