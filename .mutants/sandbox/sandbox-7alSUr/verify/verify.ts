import { checksOf, type Checks, type Difference } from "./differences.ts";
import { checkJournal } from "./journal.ts";
import {
  canonical,
  digestOf,
  isObject,
  NotEvidence,
  objectAt,
  textAt,
  without,
  type JsonObject,
} from "./read/json.ts";
import { checkRecord } from "./record.ts";
import { courses } from "./weigh.ts";

export interface Verification {
  readonly holds: boolean;
  readonly sentence: string;
  readonly kind: "journal" | "evidence";
  /** Sentences: what was checked, and what is told and was not. */
  readonly checked: readonly string[];
  readonly told: readonly string[];
  /** How many values were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/**
 * Whether a journal, or what `--evidence` keeps, is in itself as it was written, and says what its counts say.
 * @throws NotEvidence for text that is neither.
 */
export function verify(text: string): Verification {
  const lines = text.split("\n");
  const first = parsedLine(lines[0] ?? "");
  return first !== undefined && first["n"] !== undefined && first["kind"] !== undefined
    ? ofJournal(lines)
    : ofRecord(text);
}

const parsedLine = (line: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    // The first line of indented JSON is none by itself.
    return undefined;
  }
};

function ofJournal(lines: readonly string[]): Verification {
  const rest = lines.at(-1) ?? "";
  const entries = lines.slice(0, -1).map((line, at) => {
    const entry = parsedLine(line);
    if (entry === undefined) throw new NotEvidence(`line ${at + 1} is no JSON object`);
    return entry;
  });
  const { checks, looks, isSealed, isPart } = checkJournal(entries);
  checkNumbers(lines.slice(0, -1), checks);
  const release = objectAt(entries[0] ?? {}, "release");
  const checked = [
    `the chain of ${entries.length} lines: each has its number, its digest and the digest of the line before`,
    isSealed
      ? "the seal: it is of all lines before it"
      : "no seal: the release has not ended, or its end was not seen",
    `${looks} checks, each recomputed from the counts up to it`,
    ...(isPart ? ["the journal says itself that it begins in the middle: other lines may be elsewhere"] : []),
    ...(rest === "" ? [] : ["a last line that is torn was left out: a process was killed while it wrote"]),
  ];
  return verification("journal", `release ${textAt(release, "id")}`, checked, checks);
}

function ofRecord(text: string): Verification {
  const record: unknown = parsedJson(text);
  if (!isObject(record) || record["gates"] === undefined || record["verdict"] === undefined)
    throw new NotEvidence("it is JSON, and no record of a check");
  const checks = checksOf(() => (isObject(record["chain"]) ? Number(record["chain"]["n"]) : 0));
  const chain = record["chain"];
  const isChained = isObject(chain);
  if (isChained) {
    const open = { ...record, chain: without(chain, "digest") };
    checks.same("chain.digest", chain["digest"], digestOf(canonical(open)));
  }
  checkNumbers(text.split("\n"), checks);
  checkRecord(record, checks, courses());
  const checked = [
    isChained
      ? "the record's digest; its place among the lines of a journal is checked with the journal"
      : "no digest: an earlier version kept this record",
    "one check, recomputed from its counts",
  ];
  return verification("evidence", `the check of ${textAt(record, "at")}`, checked, checks);
}

/** Two texts may mean one number; only one of them is what a program writes (RFC 8785, section 3.2.2.3). */
function checkNumbers(lines: readonly string[], checks: Checks): void {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
  lines.forEach((line, at) => {
    for (const [token] of line.matchAll(tokens)) {
      if (token.startsWith('"') || JSON.stringify(Number(token)) === token) continue;
      checks.same(`a number of line ${at + 1}`, token, Number(token));
    }
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotEvidence(error instanceof Error ? error.message : String(error));
  }
}

const RECOMPUTED =
  "recomputed: every e-value, sum and threshold, when they were first enough, intervals, the smallest detectable failure rate, the proof of a step, the answer of the gate comparison, and the verdict that follows from all gates' answers";

const TOLD: readonly string[] = [
  "the counts themselves, φ, and which answers were slow: CloudWatch had them",
  "answers of alarms, of target health, of ECS and of gates of your own, with their reasons",
  "the release, its model and its times; how long a step had to be watched, and its deadline",
];

function verification(
  kind: Verification["kind"],
  what: string,
  checked: readonly string[],
  checks: Checks,
): Verification {
  const { differences } = checks;
  const holds = differences.length === 0;
  const many = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  const sentence = holds
    ? `${what} holds: ${checks.count()} values are what follows from the rest`
    : `${what} does not hold: ${many}`;
  return {
    holds,
    sentence,
    kind,
    checked: [...checked, RECOMPUTED],
    told: TOLD,
    compared: checks.count(),
    differences,
  };
}
