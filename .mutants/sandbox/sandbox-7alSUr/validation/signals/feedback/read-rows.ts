import { isRecord } from "../../../contract/config/field.ts";
import { isSlot } from "../../../contract/slot.ts";
import { cellValue, csvRows, tableProblems } from "../../csv-rows.ts";
import type { FeedbackRow, RowOf, RowSays } from "./row.ts";

const MEMBERS = ["id", "requestId", "slot", "modelVersion", "label", "correct", "loss", "time", "segment"];
const SAYS = ["label", "correct", "loss"] as const;
const WHOSE = ["requestId", "slot", "modelVersion"] as const;
/** Clocks of two machines differ by less. */
const AHEAD_MS = 5 * 60_000;

export interface ReadRows {
  readonly rows: readonly FeedbackRow[];
  /** Rows with the id of an earlier one of the same file. */
  readonly repeated: number;
  /** Each with the number of its line. */
  readonly problems: readonly string[];
}

/**
 * Rows of a file of feedback: JSON objects a line, or CSV with a header, whichever it begins with. All wrong rows are
 * named.
 */
export function readRows(text: string, nowMs: number): ReadRows {
  const lines = /^\uFEFF?\s*\{/.test(text) ? jsonLines(text) : csvLines(text);
  const rows = new Map<string, FeedbackRow>();
  const problems: string[] = [];
  const occurrences = new Map<string, number>();
  let repeated = 0;
  for (const { line, value, problem } of lines) {
    const row = problem ?? rowOf(line, value, nowMs, occurrences);
    if (typeof row === "string") problems.push(problem ?? `line ${line} ${row}`);
    else if (rows.has(row.id)) repeated += 1;
    else rows.set(row.id, row);
  }
  return { rows: [...rows.values()], repeated, problems };
}

interface Line {
  readonly line: number;
  readonly value?: unknown;
  readonly problem?: string;
}

const jsonLines = (text: string): readonly Line[] =>
  text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((one, index) => (one.trim() === "" ? [] : [{ line: index + 1, value: parse(one) }]));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Reported as what it is: no object.
    return undefined;
  }
}

const SEGMENT = "segment.";

function csvLines(text: string): readonly Line[] {
  const read = csvRows(text);
  if (typeof read === "string") return [{ line: 1, problem: read }];
  const [header, ...rows] = read;
  if (header === undefined) return [];
  const names = header.cells.map((name) => name.trim());
  const problems = tableProblems(names, rows);
  if (problems.length > 0) return problems.map((problem) => ({ line: 1, problem }));
  return rows.map(({ line, cells }) => ({ line, value: objectOf(names, cells) }));
}

/** `segment.country` is a member of `segment`; an empty cell says nothing. */
function objectOf(names: readonly string[], cells: readonly string[]): unknown {
  const filled = names.flatMap((name, index) => {
    const cell = cells[index] ?? "";
    return cell === "" ? [] : [[name, cell] as const];
  });
  const segment = filled.flatMap(([name, cell]) =>
    name.startsWith(SEGMENT) ? [[name.slice(SEGMENT.length), cell] as const] : [],
  );
  const own = filled.flatMap(([name, cell]) =>
    name.startsWith(SEGMENT) ? [] : [[name, typed(name, cell)] as const],
  );
  return {
    ...Object.fromEntries(own),
    ...(segment.length === 0 ? {} : { segment: Object.fromEntries(segment) }),
  };
}

function typed(name: string, cell: string): unknown {
  if (name === "correct") return /^(true|1)$/i.test(cell) ? true : /^(false|0)$/i.test(cell) ? false : cell;
  return name === "label" || name === "loss" || name === "time" ? cellValue(cell) : cell;
}

/** The row, or what is wrong with it. */
function rowOf(
  line: number,
  value: unknown,
  nowMs: number,
  occurrences: Map<string, number>,
): FeedbackRow | string {
  if (!isRecord(value)) return "is no JSON object";
  const unknown = Object.keys(value).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0) return `has ${unknown.join(", ")}, and only ${MEMBERS.join(", ")} are known`;
  const atMs = value["time"] === undefined ? undefined : timeOf(value["time"]);
  if (typeof atMs === "string") return atMs;
  if (atMs !== undefined && atMs > nowMs + AHEAD_MS)
    return `has a time in the future, ${String(value["time"])}`;
  const of = whose(value, atMs);
  if (typeof of === "string") return of;
  const says = saysOf(value);
  if (typeof says === "string") return says;
  const segments = segmentsOf(value["segment"]);
  if (typeof segments === "string") return segments;
  const id = idOf(value, of, occurrences);
  return id === undefined ? "has an id that is no text" : { line, id, of, says, atMs, segments };
}

const namesIn = (value: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.filter((name) => value[name] !== undefined);

function whose(value: Readonly<Record<string, unknown>>, atMs: number | undefined): RowOf | string {
  const [name, ...more] = namesIn(value, WHOSE);
  // What a request id says more exactly may stand beside it.
  if (name === undefined) return `names no prediction: it needs one of ${WHOSE.join(", ")}`;
  if (name !== "requestId" && more.length > 0)
    return `has ${name} and ${more.join(" and ")}, and one of them is enough`;
  const given = value[name];
  const text = typeof given === "number" ? String(given) : given;
  if (typeof text !== "string" || text === "") return `has a ${name} that is no text`;
  if (name === "requestId") return { requestId: text };
  if (atMs === undefined) return `has no time: without a requestId it needs that of the prediction`;
  if (name === "modelVersion") return { modelVersion: text, atMs };
  return isSlot(text) ? { slot: text, atMs } : `has the slot ${text}, and there are blue and green`;
}

function saysOf(value: Readonly<Record<string, unknown>>): RowSays | string {
  const [name, ...more] = namesIn(value, SAYS);
  if (name === undefined) return `says nothing: it needs one of ${SAYS.join(", ")}`;
  if (more.length > 0) return `has ${name} and ${more.join(" and ")}, and one of them is enough`;
  const { correct, loss, label } = value;
  if (name === "correct")
    return typeof correct === "boolean" ? { correct } : "has a correct that is not true or false";
  if (name === "label" && value["requestId"] === undefined)
    return "has a label and no requestId, so nobody knows the answer: say correct or loss";
  if (name === "label") return { label };
  const isLoss = typeof loss === "number" && loss >= 0 && loss <= 1;
  return isLoss ? { loss } : "has a loss that is no number from 0 to 1";
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** ISO 8601 with a zone, or epoch milliseconds. */
function timeOf(time: unknown): number | string {
  const atMs = typeof time === "string" && ISO.test(time) ? Date.parse(time) : time;
  // Epoch seconds would be a time in 1970.
  if (typeof atMs === "number" && Number.isFinite(atMs) && atMs > 1e11) return atMs;
  return "has a time that is neither ISO 8601 with a zone (2026-11-29T10:00:00Z) nor epoch milliseconds";
}

function segmentsOf(given: unknown): Readonly<Record<string, string>> | string {
  if (given === undefined) return {};
  const entries = isRecord(given) ? Object.entries(given) : [];
  const isTexts = entries.every(([, value]) => typeof value === "string" || typeof value === "number");
  if (!isRecord(given) || !isTexts) return 'has a segment that is no object of texts, like {"country":"DE"}';
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** A row that has no id of its own is told from its equals by its place among them: the same file twice has the same ids. */
function idOf(
  value: Readonly<Record<string, unknown>>,
  of: RowOf,
  occurrences: Map<string, number>,
): string | undefined {
  const { id } = value;
  if (typeof id === "string" || typeof id === "number") return id === "" ? undefined : `id ${id}`;
  if (id !== undefined) return undefined;
  if ("requestId" in of) return `request ${of.requestId}`;
  const text = JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const before = occurrences.get(text) ?? 0;
  occurrences.set(text, before + 1);
  return `row ${text} ${before}`;
}
