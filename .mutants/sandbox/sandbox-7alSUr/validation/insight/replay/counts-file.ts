import { isRecord } from "../../../contract/config/field.ts";
import { thresholdFields } from "../../../contract/config/sections.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { ComparisonData, RawCounts, RawMinute } from "../../core/comparison/data.ts";
import { minutesOf, type ComparisonRecord } from "../../core/comparison/record.ts";
import type { TimedMinute } from "../../core/comparison/compare.ts";
import type { ShareSince } from "../../core/shares.ts";
import { UserError } from "../../errors.ts";
import type { EvidenceRecord } from "../../report/evidence.ts";
import type { Past } from "./past.ts";
import { pastSignals } from "./past-signals.ts";

/** One row of a file of counts: a minute of both slots. Custom counts by name, candidate first. */
interface Row {
  readonly atMs: number;
  readonly share: number | undefined;
  readonly requests: readonly [number, number];
  readonly failed: readonly [number, number];
  readonly custom: readonly (readonly [number, number])[];
}

const COLUMNS = ["candidate_requests", "candidate_failed", "active_requests", "active_failed"] as const;
const CUSTOM = /^candidate_([a-z0-9][a-z0-9-]{0,62})$/;

/** CSV with a head line as records of text. */
export function csvRecords(text: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const names = head.split(",").map((name) => name.trim());
  return lines.map((line) => {
    const cells = line.split(",").map((cell) => cell.trim());
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
  });
}

/** Counts of whole minutes, oldest first: `records` are the rows, with the names that docs/runbook.md lists. */
export function pastOfRows(records: readonly unknown[], source: string, candidate: Slot): Past {
  const names = isRecord(records[0]) ? Object.keys(records[0]) : [];
  const custom = names.flatMap((name) => {
    const found = CUSTOM.exec(name)?.[1];
    return found === undefined || COLUMNS.some((column) => column === name) ? [] : [found];
  });
  const rows = records.map((record, at) => rowOf(record, custom, `${source}, row ${at + 1}`));
  rows.forEach((row, at) => {
    const before = rows[at - 1];
    if (before !== undefined && row.atMs <= before.atMs)
      throw new UserError("BG200", `${source}, row ${at + 1}: its time is not after the row before it.`);
  });
  const counts = ([requests, failed]: readonly number[], sums: readonly number[]) =>
    rawCounts({ requests: requests ?? 0, failed: failed ?? 0, custom: sums });
  const minutes = rows.map(({ atMs, requests, failed, custom: sums }): RawMinute => ({
    atMs,
    candidate: counts(
      [requests[0], failed[0]],
      sums.map(([one]) => one),
    ),
    active: counts(
      [requests[1], failed[1]],
      sums.map(([, one]) => one),
    ),
  }));
  const data = dataOf(minutes, custom, []);
  return pastOf({ source, candidate, data, shares: sharesOfRows(rows), attempt: undefined });
}

function rowOf(record: unknown, custom: readonly string[], where: string): Row {
  if (!isRecord(record)) throw new UserError("BG200", `${where} is no record.`);
  const atMs = Date.parse(String(record["time"]));
  if (Number.isNaN(atMs) || atMs % 60_000 !== 0)
    throw new UserError(
      "BG200",
      `${where}: time is "${String(record["time"])}"; allowed: ISO 8601, a whole minute.`,
    );
  const count = (name: string, most = Number.POSITIVE_INFINITY): number => {
    const raw = record[name];
    const value = raw === "" || raw === undefined ? Number.NaN : Number(raw);
    if (Number.isFinite(value) && value >= 0 && value <= most) return value;
    const upTo = Number.isFinite(most) ? ` to ${most}` : "";
    throw new UserError("BG200", `${where}: ${name} is "${String(raw)}"; allowed: a number from 0${upTo}.`);
  };
  const share = record["share"] === undefined || record["share"] === "" ? undefined : count("share", 100);
  const requests = [count("candidate_requests"), count("active_requests")] as const;
  return {
    atMs,
    share,
    requests,
    failed: [count("candidate_failed", requests[0]), count("active_failed", requests[1])],
    custom: custom.map((name) => [count(`candidate_${name}`), count(`active_${name}`)]),
  };
}

function sharesOfRows(rows: readonly Row[]): readonly ShareSince[] {
  const found: ShareSince[] = [];
  for (const { atMs, share } of rows) {
    if (share !== undefined && found.at(-1)?.percent !== share) found.push({ fromMs: atMs, percent: share });
  }
  return found;
}

/** Kept evidence: its counts, and φ as it was found then. */
export function pastOfEvidence({ release }: EvidenceRecord, kept: ComparisonRecord, source: string): Past {
  const failed = kept.counts.find(({ kind }) => kind === "failed");
  if (failed === undefined || failed.minutes.length === 0)
    throw new UserError("BG202", `${source} has counted no minute.`);
  const others = kept.counts
    .filter(({ kind }) => kind !== "failed")
    .map((counts) => ({ kind: counts.kind, by: new Map(minutesOf(counts).map((one) => [one.atMs, one])) }));
  const slow = others.filter(({ kind }) => kind === "slow");
  const client = others.find(({ kind }) => kind === "client");
  const custom = kept.counts.filter(({ kind }) => kind === "custom");
  const sums = others.filter(({ kind }) => kind === "custom");
  const minutes = minutesOf(failed).map((minute): RawMinute => {
    const of = (arm: "candidate" | "active") => {
      const at = ({ by }: { readonly by: ReadonlyMap<number, TimedMinute> }) => by.get(minute.atMs)?.[arm];
      return rawCounts({
        requests: minute[arm].exposure,
        failed: minute[arm].events,
        timed: Math.max(0, ...slow.map((one) => at(one)?.exposure ?? 0)),
        slow: slow.map((one) => at(one)?.events ?? 0),
        refusals: client === undefined ? 0 : (at(client)?.events ?? 0),
        custom: sums.map((one) => at(one)?.events ?? 0),
      });
    };
    return { atMs: minute.atMs, candidate: of("candidate"), active: of("active") };
  });
  const data = dataOf(
    minutes,
    custom.map(({ name }) => name),
    kept.slowThresholds,
  );
  // Before 0.2 no bounded φ was kept.
  const dispersions = new Map(
    kept.counts.map(({ name, dispersion }) => [
      name,
      { ...dispersion, bounded: dispersion.bounded ?? dispersion.phi },
    ]),
  );
  // Of the steps before the last one nobody wrote down when they began; a step is live a little after it was asked for.
  const stepSinceMs = Date.parse(kept.stepSince);
  const isOneStep = minutes.filter(({ atMs }) => atMs < stepSinceMs).length <= 2;
  const shares = isOneStep ? [{ fromMs: stepSinceMs, percent: kept.share }] : [];
  const { attempt } = kept.settings;
  return pastOf({
    source,
    candidate: release?.slot ?? "green",
    data: { ...data, signals: pastSignals(kept), dispersions, isWithoutClasses: client === undefined },
    shares,
    attempt,
    schedule: kept.schedule,
  });
}

function dataOf(
  minutes: readonly RawMinute[],
  custom: readonly string[],
  slowThresholds: ComparisonData["slowThresholds"],
): ComparisonData {
  if (minutes.length === 0) throw new UserError("BG202", "The file has no minute.");
  return {
    minutes,
    slowThresholds,
    customMetrics: custom.map((name) => ({ name })),
    signals: [],
    zones: [withoutGaps(minutes)],
    zonesFromMs: minutes[0]?.atMs ?? 0,
    historyMinutes: 0,
    isWithoutClasses: true,
  };
}

/** The active slot minute by minute: in one that no row tells of, nobody came. */
function withoutGaps(minutes: readonly RawMinute[]): readonly RawCounts[] {
  const zone: RawCounts[] = [];
  const fromMs = minutes[0]?.atMs ?? 0;
  for (const { atMs, active } of minutes) {
    const nobody = rawCounts({
      requests: 0,
      failed: 0,
      slow: active.slow.map(() => 0),
      custom: active.custom.map(() => 0),
    });
    while (zone.length < (atMs - fromMs) / 60_000) zone.push(nobody);
    zone.push(active);
  }
  return zone;
}

const pastOf = (
  known: Pick<Past, "source" | "candidate" | "data" | "shares" | "attempt" | "schedule">,
): Past => ({
  ...known,
  sticky: false,
  alarms: {
    "error-rate": { candidate: rates(known.data, "candidate"), active: rates(known.data, "active") },
  },
});

/** As the alarm's own expression has them: too few requests are no rate. */
function rates({ minutes }: ComparisonData, arm: "candidate" | "active"): readonly number[] {
  const fewest = thresholdFields.minRequestsPerMinute.default;
  return minutes.map((minute) => {
    const { requests, answered } = minute[arm];
    return requests >= fewest ? (requests - answered) / requests : 0;
  });
}

function rawCounts(given: {
  readonly requests: number;
  readonly failed: number;
  readonly timed?: number;
  readonly slow?: readonly number[];
  /** Answers that were neither 2xx nor failed. */
  readonly refusals?: number;
  readonly custom?: readonly number[];
}): RawCounts {
  const { requests, failed, timed = 0, slow = [], refusals = 0, custom = [] } = given;
  return {
    requests,
    answered: requests - failed,
    redirects: 0,
    refusals,
    errors: failed,
    refused: 0,
    timed,
    slow,
    // The alarm on slow requests is not judged: its limit was another one.
    late: 0,
    custom,
    // Load per task was no matter, or its minutes are not among the kept ones.
    healthy: Math.max(1, requests),
  };
}
