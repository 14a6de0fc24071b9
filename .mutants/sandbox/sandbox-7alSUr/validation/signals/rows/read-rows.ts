import { isRecord } from "../../../contract/config/field.ts";
import { isSlot, type Slot } from "../../../contract/slot.ts";
import type { Reading } from "../../core/observation.ts";

/** Events and exposure of one slot in one minute, as a program or an address of the user's says. */
export interface SignalRow {
  readonly slot: Slot;
  /** Begin of the minute, epoch ms. */
  readonly atMs: number;
  readonly numerator: number;
  readonly denominator: number;
  /** `country=DE`; undefined: the slot as a whole. */
  readonly segment: string | undefined;
}

const MINUTE_MS = 60_000;
/** So many of the wrong ones are named. */
const NAMED = 5;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Lines of JSON, or one JSON list. One wrong row and none counts: what else may be wrong nobody knows. */
export function readRows(text: string): Reading<readonly SignalRow[]> {
  const parsed = entriesOf(text);
  const wrong: string[] = [];
  const rows: SignalRow[] = [];
  const seen = new Set<string>();
  for (const { where, raw } of parsed) {
    const row = rowOf(raw);
    if (typeof row === "string") {
      wrong.push(`${where}: ${row}`);
      continue;
    }
    const key = `${row.slot} ${row.atMs} ${row.segment ?? ""}`;
    if (seen.has(key)) wrong.push(`${where}: a second one of the same slot, minute and segment`);
    seen.add(key);
    rows.push(row);
  }
  if (wrong.length === 0) return { readable: true, value: rows };
  const more = wrong.length > NAMED ? `, and ${wrong.length - NAMED} more` : "";
  const count = `${wrong.length} of its ${parsed.length} rows ${wrong.length === 1 ? "is" : "are"} wrong`;
  return { readable: false, why: `${count}: ${wrong.slice(0, NAMED).join("; ")}${more}` };
}

interface Entry {
  readonly where: string;
  /** Text that is no JSON, or what it says. */
  readonly raw: unknown;
}

function entriesOf(text: string): readonly Entry[] {
  const whole = parsed(text);
  if (Array.isArray(whole)) return whole.map((raw: unknown, at) => ({ where: `row ${at + 1}`, raw }));
  return text
    .split(/\r?\n/)
    .map((line, at) => ({ where: `line ${at + 1}`, line }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ where, line }) => ({ where, raw: parsed(line) ?? line }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller reads it line by line, and then names the line.
    return undefined;
  }
}

/** A row, or what is wrong with it. */
function rowOf(raw: unknown): SignalRow | string {
  if (!isRecord(raw)) return "no JSON object";
  const { slot, minute, numerator, denominator, segment, ...unknown } = raw;
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    return `${other} is unknown; known are slot, minute, numerator, denominator, segment`;
  if (!isSlot(slot)) return `slot is ${shown(slot)}; allowed: blue or green`;
  const atMs = typeof minute === "string" && ISO.test(minute) ? Date.parse(minute) : Number.NaN;
  if (Number.isNaN(atMs) || atMs % MINUTE_MS !== 0)
    return `minute is ${shown(minute)}; allowed: the begin of a minute in ISO 8601 with its time zone`;
  if (!isCount(denominator)) return `denominator is ${shown(denominator)}; allowed: a number from 0`;
  if (!isCount(numerator) || numerator > denominator)
    return `numerator is ${shown(numerator)}; allowed: a number from 0 to its denominator`;
  if (segment !== undefined && typeof segment !== "string")
    return `segment is ${shown(segment)}; allowed: a text like country=DE`;
  return { slot, atMs, numerator, denominator, segment };
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const shown = (value: unknown) => (JSON.stringify(value) ?? "missing").slice(0, 60);
