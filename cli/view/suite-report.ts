import type { Check } from "../../validation/suite/check.ts";
import type { TestOutcome } from "../../validation/suite/test-candidate.ts";
import { measuredLine } from "./suite.ts";

/** What a report says of the tests. */
export type Reported = Pick<
  TestOutcome,
  "checks" | "measured" | "worst" | "sentence" | "goldenSet" | "slot" | "comparedWith"
>;

/**
 * The checks as test cases of JUnit's XML, which every CI system reads. A case fails when its check keeps the candidate
 * from passing; one that was waived or not run is skipped, a warning is in its output.
 */
export function junit({ checks, slot, goldenSet }: Reported): string {
  const cases = checks.map(testCase);
  const failures = cases.filter(({ kind }) => kind === "failure").length;
  const skipped = cases.filter(({ kind }) => kind === "skipped").length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xml(`bluegreen test: ${slot}, ${goldenSet}`)}" ${counts}>`,
    ...cases.map(({ text }) => text),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase({ name, answer, reason, waived = false, waiver }: Check) {
  const open = `    <testcase classname="bluegreen.test" name="${xml(name)}"`;
  const said = xml(reason);
  if (answer === "pass" || answer === "warn") {
    const word = answer === "warn" ? "warn: " : "";
    return { kind: "passed", text: `${open}><system-out>${word}${said}</system-out></testcase>` };
  }
  if (waived || answer === "notRun") {
    const why = waived ? `waived${waiver === undefined ? "" : ` (${waiver})`}, ${answer}: ` : "";
    return { kind: "skipped", text: `${open}><skipped message="${why}${said}"/></testcase>` };
  }
  return {
    kind: "failure",
    text: `${open}><failure type="${answer}" message="${said}">${said}</failure></testcase>`,
  };
}

/** XML 1.0 has no control characters but tab and line ends, and no half of a surrogate pair. */
const xml = (text: string) =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "�")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** The tests as Markdown, for a pull request or the summary of a GitHub job. */
export function suiteMarkdown({
  checks,
  measured,
  worst,
  sentence,
  goldenSet,
  comparedWith,
}: Reported): string {
  const line = measured === undefined ? undefined : measuredLine(measured);
  const beside = comparedWith === undefined ? "no slot to compare with" : `compared with ${comparedWith}`;
  return [
    `### ${cell(sentence)}`,
    "",
    `Golden set ${cell(goldenSet)}, ${beside}${line === undefined ? "" : ` · ${cell(line)}`}`,
    "",
    "| check | answer | value | candidate | active | bound | p | what it saw |",
    "|---|---|---|---|---|---|---|---|",
    ...checks.map(checkRow),
    ...(worst.length === 0
      ? []
      : [
          "",
          "| worst example | right | candidate | active slot |",
          "|---|---|---|---|",
          ...worst.map(
            ({ id, label, candidate, active = "" }) =>
              `| ${cell(id)} | ${cell(label)} | ${cell(candidate)} | ${cell(active)} |`,
          ),
        ]),
    "",
  ].join("\n");
}

function checkRow({ name, answer, reason, numbers, waived = false }: Check): string {
  const of = (key: string) => {
    const value = numbers[key];
    return value === undefined ? "" : String(Number(value.toPrecision(3)));
  };
  const word = answer === "fail" ? "**fail**" : answer;
  const row = [cell(name), waived ? `${word} (waived)` : word];
  const seen = [of("value"), of("candidate"), of("active"), of("bound"), of("pValue"), cell(reason)];
  return `| ${[...row, ...seen].join(" | ")} |`;
}

/** What a server said must not end the table, and is no HTML of ours. */
const cell = (text: string) =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|]/g, "\\$&");
