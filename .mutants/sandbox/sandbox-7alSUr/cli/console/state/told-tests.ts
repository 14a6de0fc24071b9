import { isRecord } from "../../../contract/config/field.ts";

/** What the pre-traffic tests of the release found, as its journal has it. */
export interface ToldTests {
  readonly outcome: string;
  /** Those that did not pass first. */
  readonly checks: readonly { readonly name: string; readonly answer: string; readonly reason: string }[];
  /** Examples that went worst: what was asked, what is right, and what both slots said. */
  readonly worst: readonly Readonly<Record<"id" | "input" | "label" | "candidate" | "active", string>>[];
}

/** Of the last tests in the journal; undefined: it tells of none. */
export function toldTests(lines: readonly Readonly<Record<string, unknown>>[]): ToldTests | undefined {
  const report = lines.findLast(({ kind }) => kind === "tests")?.["report"];
  if (!isRecord(report)) return undefined;
  const checks = listIn(report, "checks").map((one) => ({
    name: textIn(one, "name"),
    answer: textIn(one, "answer"),
    reason: textIn(one, "reason"),
  }));
  const worst = listIn(report, "worst").map((one) => ({
    id: textIn(one, "id"),
    input: textIn(one, "input"),
    label: textIn(one, "label"),
    candidate: textIn(one, "candidate"),
    active: textIn(one, "active"),
  }));
  const hasPassed = ({ answer }: { readonly answer: string }) => Number(answer === "pass");
  return {
    outcome: textIn(report, "outcome"),
    checks: checks.toSorted((a, b) => hasPassed(a) - hasPassed(b)),
    worst,
  };
}

const listIn = (record: Readonly<Record<string, unknown>>, key: string) => {
  const list = record[key];
  return Array.isArray(list) ? list.filter(isRecord) : [];
};

const textIn = (record: Readonly<Record<string, unknown>>, key: string) =>
  typeof record[key] === "string" ? record[key] : "";
