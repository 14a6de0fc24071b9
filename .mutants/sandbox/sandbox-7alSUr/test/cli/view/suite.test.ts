import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { keepReports } from "../../../cli/suite-files.ts";
import { junit, suiteMarkdown } from "../../../cli/view/suite-report.ts";
import { showTest } from "../../../cli/view/suite.ts";
import { check } from "../../../validation/suite/check.ts";
import type { TestOutcome } from "../../../validation/suite/test-candidate.ts";

const CHECKS = [
  check("accuracy", "pass", "97 % are right", { n: 400, value: 0.97, bound: 0.8, pValue: 1 }),
  check("slice country=LU", "warn", "80 % | <b>"),
  check("failures", "fail", 'it said "x" & \u001b[31mred'),
  { ...check("malformed-input", "fail", "no 4xx"), waived: true },
  check("latency-vs-active", "insufficient", "too few"),
  check("loss", "notRun", "the scorer failed"),
];
const OUTCOME: TestOutcome = {
  exitCode: 10,
  sentence: "pre-traffic tests of v2 failed",
  outcome: "failed",
  slot: "green",
  comparedWith: "blue",
  goldenSet: "golden.jsonl",
  digest: "sha256:0",
  checks: CHECKS,
  measured: {
    task: "classification",
    candidate: { accuracy: 0.97, macroF1: 0.96891 },
    active: { accuracy: 0.98, macroF1: 0.97 },
  },
  worst: [{ id: "17", input: "{}", label: '"a|b"', candidate: '"c"', active: '"a|b"' }],
  release: undefined,
};

describe("the result of the tests", () => {
  test("on the screen has a mark for each check, what the model is known by, and the worst examples", () => {
    expect(showTest(OUTCOME).split("\n")).toEqual([
      "  ✓ accuracy           97 % are right",
      "  ! slice country=LU   80 % | <b>",
      '  ✗ failures           it said "x" & \u001b[31mred',
      "  ✗ malformed-input    (waived) no 4xx",
      "  … latency-vs-active  too few",
      "  · loss               the scorer failed",
      "  classification, candidate (active slot): accuracy 0.97 (0.98), macroF1 0.9689 (0.97)",
      "  worst examples:",
      '    17: right is "a|b", the candidate answers "c", the active slot "a|b"',
      "→ pre-traffic tests of v2 failed",
    ]);
  });

  test("shows no worst examples of a candidate that has passed", () => {
    expect(showTest({ ...OUTCOME, outcome: "passed" })).not.toContain("worst");
  });

  test("as JUnit's XML counts what stops the candidate, and has nothing that XML forbids", () => {
    expect(junit(OUTCOME)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="6" failures="2" errors="0" skipped="2">
  <testsuite name="bluegreen test: green, golden.jsonl" tests="6" failures="2" errors="0" skipped="2">
    <testcase classname="bluegreen.test" name="accuracy"><system-out>97 % are right</system-out></testcase>
    <testcase classname="bluegreen.test" name="slice country=LU"><system-out>warn: 80 % | &lt;b&gt;</system-out></testcase>
    <testcase classname="bluegreen.test" name="failures"><failure type="fail" message="it said &quot;x&quot; &amp; �[31mred">it said &quot;x&quot; &amp; �[31mred</failure></testcase>
    <testcase classname="bluegreen.test" name="malformed-input"><skipped message="waived, fail: no 4xx"/></testcase>
    <testcase classname="bluegreen.test" name="latency-vs-active"><failure type="insufficient" message="too few">too few</failure></testcase>
    <testcase classname="bluegreen.test" name="loss"><skipped message="the scorer failed"/></testcase>
  </testsuite>
</testsuites>
`);
  });

  test("as Markdown has a table of the checks and one of the worst examples, whatever the server said", () => {
    const lines = suiteMarkdown(OUTCOME).split("\n");
    expect(lines).toContain("| accuracy | pass | 0.97 |  |  | 0.8 | 1 | 97 % are right |");
    expect(lines).toContain("| slice country=LU | warn |  |  |  |  |  | 80 % \\| &lt;b> |");
    expect(lines).toContain("| malformed-input | **fail** (waived) |  |  |  |  |  | no 4xx |");
    expect(lines).toContain('| 17 | "a\\|b" | "c" | "a\\|b" |');
  });
});

describe("a file of the result", () => {
  const made: string[] = [];
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const one of made.splice(0)) await rm(one, { recursive: true, force: true });
  });

  test("is written where it was asked for, and nowhere else", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bluegreen-report-"));
    made.push(directory);
    const path = join(directory, "junit.xml");
    await keepReports(OUTCOME, { junit: path });
    expect(await readFile(path, "utf8")).toBe(junit(OUTCOME));
  });

  test("that cannot be written is told, and the tests have had their result all the same", async () => {
    const directory = await mkdtemp(join(tmpdir(), "bluegreen-report-"));
    made.push(directory);
    await writeFile(join(directory, "file"), "");
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await keepReports(OUTCOME, { markdown: join(directory, "file", "a.md") });
    expect(told.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringContaining("the report could not be kept in"),
    ]);
  });
});
