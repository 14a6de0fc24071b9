import { checksOf, type Checks } from "./differences.ts";
import { constants } from "./constant.ts";
import { countsAfter } from "./read/counts.ts";
import {
  canonical,
  digestOf,
  NotEvidence,
  numberAt,
  objectsAt,
  optionalObject,
  textAt,
  timeAt,
  without,
  type JsonObject,
} from "./read/json.ts";
import { checkRecord } from "./record.ts";
import { courses } from "./weigh.ts";

const KINDS = ["begin", "look", "event", "tests", "seal"];

export interface CheckedJournal {
  readonly checks: Checks;
  readonly looks: number;
  readonly isSealed: boolean;
  /** Whether it says itself that it begins in the middle of its release. */
  readonly isPart: boolean;
}

/** A whole journal: the chain, the seal, and each look from the counts that the looks before it have brought. */
export function checkJournal(entries: readonly JsonObject[]): CheckedJournal {
  let line = 0;
  const checks = checksOf(() => line);
  const known = courses();
  const lasting = constants(entries[0] ?? {});
  let counts: readonly JsonObject[] = [];
  let looks = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  const digests: string[] = [];
  for (const entry of entries) {
    line += 1;
    const kind = textAt(entry, "kind");
    if (!KINDS.includes(kind)) throw new NotEvidence(`line ${line} is of no known kind: ${kind}`);
    checks.same("n", entry["n"], line);
    checks.same("previous", entry["previous"], digests.at(-1) ?? null);
    checks.same("digest", entry["digest"], digestOf(canonical(without(entry, "digest"))));
    checks.same("kind of the first line", line === 1, kind === "begin");
    const atMs = timeAt(entry, "at");
    if (atMs < lastMs)
      checks.same("at, not before the line before", entry["at"], new Date(lastMs).toISOString());
    lastMs = Math.max(lastMs, atMs);
    lasting.check(entry, checks);
    if (kind === "look") {
      looks += 1;
      const record = wholeOf(entry, counts);
      counts = optionalObject(record, "comparison") === undefined ? counts : countsIn(record);
      checks.same("whole", entry["whole"], digestOf(canonical(record)));
      checkRecord(record, checks, known);
    }
    if (kind === "seal") checkSeal(entry, { entries, line, looks, digests }, checks);
    digests.push(textAt(entry, "digest"));
  }
  return {
    checks,
    looks,
    isSealed: entries.at(-1)?.["kind"] === "seal",
    isPart: entries[0]?.["since"] === "this process",
  };
}

/** The record that a look tells of, with all counts: what its digest is of. */
function wholeOf(entry: JsonObject, counts: readonly JsonObject[]): JsonObject {
  const record = without(entry, "kind", "whole", "n", "previous", "digest", "comparison");
  const comparison = optionalObject(entry, "comparison");
  const chain = { n: entry["n"], previous: entry["previous"] };
  if (comparison === undefined) return { ...record, chain };
  const all = countsAfter(counts, objectsAt(comparison, "counts"));
  return { ...record, chain, comparison: { ...comparison, counts: all } };
}

const countsIn = (record: JsonObject) => {
  const comparison = optionalObject(record, "comparison");
  return comparison === undefined ? [] : objectsAt(comparison, "counts");
};

interface SoFar {
  readonly entries: readonly JsonObject[];
  readonly line: number;
  readonly looks: number;
  readonly digests: readonly string[];
}

function checkSeal(seal: JsonObject, { entries, line, looks, digests }: SoFar, checks: Checks): void {
  checks.same("seal is the last line", line, entries.length);
  checks.same("looks", numberAt(seal, "looks"), looks);
  checks.same("all", seal["all"], digestOf(digests.map((digest) => `${digest}\n`).join("")));
  const states = entries.flatMap((entry) => optionalObject(entry, "release")?.["state"] ?? []);
  const result = textAt(seal, "result");
  const last = states.at(-1);
  if (last === "promoted" || last === "rolledBack") checks.same("result", result, last);
}
