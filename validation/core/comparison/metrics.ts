import type { ComparedMetric, TimedMinute } from "./compare.ts";
import { pooled, totalOf, type Count } from "./counts.ts";
import type { ComparisonData, RawCounts, RawMinute } from "./data.ts";
import { dispersionOf, type Dispersion, type ZoneCounts } from "./clusters/dispersion.ts";
import { isExcess, type Excess } from "./excess.ts";
import { incidentMinutes } from "./clusters/incidents.ts";
import { failures, faults, neitherNor, type Counting } from "./failures.ts";
import { RATE_ALARMS, type Excesses, type RateAlarm } from "./rate-alarms.ts";
import { openRequests, type OpenRequests } from "./unanswered.ts";
import { warmupMinutes } from "./warmup.ts";

const MINUTE_MS = 60_000;
/** Above this many times the active slot's requests per task, slowness tells of load and not of the model. */
const LOADED = 1.25;

export interface ComparedMetrics {
  /** The failed requests first: they are always compared. */
  readonly metrics: readonly [ComparedMetric, ...ComparedMetric[]];
  /** Minutes whose numbers contradict each other (more events than requests), by when they began. */
  readonly unreadable: readonly number[];
  /** Minutes whose latency was not compared, because the candidate's tasks had more to do. */
  readonly unevenMinutes: number;
  /**
   * Minutes that prove nothing for the candidate, by when they began: a zone of the active slot failed far more than
   * usual (incidents.ts), or too many requests may still be answered.
   */
  readonly proveNothing: ReadonlySet<number>;
}

interface MetricSettings {
  readonly sticky: boolean;
  readonly compareClientErrors: boolean;
  /** Late answers are not compared for so many minutes: warmup.ts. */
  readonly warmupMinutes: number;
  /** Minutes that ended until then have all their answers, epoch ms: data.ts. */
  readonly finalUntilMs: number;
}

/** What is counted, and how: events of one slot's minutes, and their exposure. */
interface Counter {
  readonly name: string;
  readonly kind: ComparedMetric["kind"];
  readonly count: Counting;
  readonly applies: (minute: RawMinute) => boolean;
  /** Whether a request without an answer is an event of it. */
  readonly countsUnanswered: boolean;
  /** Whether the active slot's zones tell how its events cluster. */
  readonly byZone: boolean;
  readonly isDoubtOnly?: boolean;
}

/** The metrics of a pair of models from its settled minutes. A minute that contradicts itself is left out of its metric. */
export function metricsOf(
  data: ComparisonData,
  minutes: readonly RawMinute[],
  settings: MetricSettings,
): ComparedMetrics {
  const { sticky, finalUntilMs } = settings;
  const unreadable = new Set<number>();
  const ofCandidate = minutes.map(({ candidate }) => candidate);
  const ofActive = minutes.map(({ active }) => active);
  const warmingUp = warmupMinutes(minutes, settings.warmupMinutes);
  const open = openRequests(minutes, finalUntilMs);
  // A day of each: only where nobody has told how its events cluster.
  const zonesOf = ({ byZone, count }: Counter): ZoneCounts =>
    (byZone ? data.zones : [summed(data.zones)]).map((zone) => count(zone));
  const metricOf = (counter: Counter, zones?: ZoneCounts): ComparedMetric => {
    const candidates = counter.count(ofCandidate);
    const actives = counter.count(ofActive);
    const paired: TimedMinute[] = [];
    minutes.forEach((minute, index) => {
      if (!counter.applies(minute)) return;
      const still = counter.countsUnanswered ? (open[index] ?? NOTHING_OPEN) : NOTHING_OPEN;
      const candidate = without(candidates[index], still.candidate);
      const active = without(actives[index], still.active);
      if (isContradiction(candidate) || isContradiction(active)) unreadable.add(minute.atMs);
      else paired.push({ atMs: minute.atMs, candidate, active });
    });
    const { name, kind, isDoubtOnly = false } = counter;
    const dispersion =
      data.dispersions?.get(name) ??
      dispersionOf({ zones: zones ?? zonesOf(counter), historyMinutes: data.historyMinutes, sticky });
    return { name, kind, minutes: paired, dispersion, isDoubtOnly };
  };
  const [failing, ...others] = countersOf(data, settings, warmingUp);
  const failedByZone = zonesOf(failing);
  const failed = metricOf(failing, failedByZone);
  const metrics = [failed, ...others.map((counter) => metricOf(counter))] as const;
  const unevenMinutes =
    data.slowThresholds.length === 0 ? 0 : minutes.filter((minute) => !isEven(minute)).length;
  const incidents = incidentsOf(data, failedByZone, failed.dispersion);
  const unclear = minutes.filter((minute, index) => isUnclear(minute, open[index] ?? NOTHING_OPEN));
  const proveNothing = new Set([...incidents, ...unclear.map(({ atMs }) => atMs)]);
  return { metrics, unreadable: [...unreadable].sort((a, b) => a - b), unevenMinutes, proveNothing };
}

/** So large a part of a slot's requests may be unknown in a minute that proves something. */
const MOST_OPEN = 0.05;

const isUnclear = ({ candidate, active }: RawMinute, open: OpenRequests) =>
  open.candidate > MOST_OPEN * candidate.requests || open.active > MOST_OPEN * active.requests;

function incidentsOf(
  { zonesFromMs, historyMinutes: from }: ComparisonData,
  zones: ZoneCounts,
  { bounded }: Dispersion,
): ReadonlySet<number> {
  const found = incidentMinutes({ zones, dispersion: bounded, from });
  return new Set([...found].map((minute) => zonesFromMs + minute * MINUTE_MS));
}

const NONE: Count = { exposure: 0, events: 0 };
const NOTHING_OPEN: OpenRequests = { candidate: 0, active: 0 };

/** Requests that may still be answered are neither failures nor proof of anything. */
const without = (count: Count = NONE, open: number): Count =>
  open === 0 ? count : { exposure: count.exposure - open, events: count.events - open };
const always = () => true;
const isContradiction = ({ exposure, events }: Count) => events > exposure || events < 0;

function countersOf(
  data: ComparisonData,
  { sticky, compareClientErrors }: MetricSettings,
  warmingUp: ReadonlySet<number>,
): readonly [Counter, ...Counter[]] {
  const failed: Counter = {
    name: "failed",
    kind: "failed",
    // Who can choose a slot can leave as many requests there as he likes without waiting for their answers.
    count: sticky ? faults : failures,
    applies: always,
    countsUnanswered: !sticky,
    byZone: true,
  };
  const slow = data.slowThresholds.map(({ quantile }, index): Counter => {
    const count = (minutes: readonly RawCounts[]) =>
      minutes.map(({ timed, slow: later }) => ({ exposure: timed, events: later[index] ?? 0 }));
    return {
      name: `slow-p${quantile * 100}`,
      kind: "slow",
      count,
      applies: (minute) => isEven(minute) && !warmingUp.has(minute.atMs),
      countsUnanswered: false,
      byZone: true,
    };
  });
  const custom = data.customMetrics.map(({ name }, index): Counter => {
    const count = (minutes: readonly RawCounts[]) =>
      minutes.map(({ requests, custom: sums }) => ({ exposure: requests, events: sums[index] ?? 0 }));
    return { name, kind: "custom", count, applies: always, countsUnanswered: false, byZone: false };
  });
  const client: Counter = {
    name: CLIENT_ERRORS,
    kind: "client",
    count: neitherNor,
    applies: always,
    countsUnanswered: false,
    byZone: true,
    // Whoever can choose a slot can send it what it has to refuse.
    isDoubtOnly: sticky,
  };
  const isCounted = compareClientErrors && data.isWithoutClasses !== true;
  return [failed, ...slow, ...(isCounted ? [client] : []), ...custom];
}

const CLIENT_ERRORS = "client-errors";

const EXCESS_MINUTES = 60;

/** The counts of many minutes as if they were one. */
export function added(minutes: readonly RawCounts[]): RawCounts {
  let [requests, answered, redirects, refusals, errors, refused, timed, late] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const minute of minutes) {
    requests += minute.requests;
    answered += minute.answered;
    redirects += minute.redirects;
    refusals += minute.refusals;
    errors += minute.errors;
    refused += minute.refused;
    timed += minute.timed;
    late += minute.late;
  }
  const counts = { requests, answered, redirects, refusals, errors, refused, timed, late };
  return { ...counts, slow: [], custom: [], healthy: undefined };
}

/** The active slot by zone, over the whole time that is known. */
export const zoneSums = ({ zones }: ComparisonData): readonly RawCounts[] => zones.map(added);

/** What is counted on it. */
export const usualOf = (sums: readonly RawCounts[], count: Counting): Count =>
  pooled(sums.flatMap((zone) => count([zone])));

interface ExcessSettings {
  /** So many the alarm looks at. */
  readonly minutes: number;
  readonly tolerance: number;
  readonly finalUntilMs: number;
  readonly sticky: boolean;
  readonly warmupMinutes: number;
  /** Whether all traffic is on the candidate. */
  readonly isAlone: boolean;
}

/**
 * For each alarm on a rate, how far the candidate had more events in its last `minutes` than chance explains at the
 * active slot's rate: see excess.ts; undefined: there are no such minutes. Not only settled minutes: the alarm itself has judged these, too.
 */
export function excesses(
  data: ComparisonData,
  metrics: readonly ComparedMetric[],
  { minutes, tolerance, finalUntilMs, sticky, warmupMinutes: warmup, isAlone }: ExcessSettings,
): Excesses {
  // An answer may be counted a minute after its request: an hour is more than enough of a past for the last minutes.
  // The newest may not be published yet: the alarm has not seen them either.
  const newest = data.minutes.findLastIndex(({ candidate, active }) => isSeen(candidate) || isSeen(active));
  const seen = data.minutes.slice(0, newest + 1).slice(-EXCESS_MINUTES);
  const open = openRequests(seen, finalUntilMs);
  const warmingUp = warmupMinutes(data.minutes, warmup);
  const sums = zoneSums(data);
  const excessOf = ({ kind, count, countsUnanswered }: RateAlarm): Excess | undefined => {
    const countsOf = (arm: "candidate" | "active") =>
      count(seen.map((minute) => minute[arm])).map((one, index) =>
        without(one, countsUnanswered ? (open[index] ?? NOTHING_OPEN)[arm] : 0),
      );
    const [candidates, actives] = [countsOf("candidate"), countsOf("active")];
    const watched = seen
      .map(({ atMs }, index) => ({
        atMs,
        candidate: candidates[index] ?? NONE,
        active: actives[index] ?? NONE,
      }))
      .slice(-minutes);
    const window = kind === "slow" ? watched.filter(({ atMs }) => !warmingUp.has(atMs)) : watched;
    // Slow while it warms up: nothing is known against it yet.
    if (window.length === 0 && watched.length > 0) return "none";
    const usual = usualOf(sums, count);
    if ((isAlone ? usual.exposure : totalOf(window).informativeMinutes) === 0) return undefined;
    const ofKind = metrics.filter((metric) => metric.kind === kind).map(({ dispersion }) => dispersion);
    const isBeyond = (phis: readonly number[]) =>
      isExcess({ window, usual, tolerance, dispersion: Math.max(1, ...phis), isAlone });
    if (isBeyond(ofKind.map(({ phi }) => phi))) return "proven";
    // Sessions are clusters that a short stretch does not show: see doubt() in compare.ts.
    return !sticky && isBeyond(ofKind.map(({ bounded }) => bounded)) ? "doubtful" : "none";
  };
  return Object.fromEntries(RATE_ALARMS.map((alarm) => [alarm.key, excessOf(alarm)]));
}

const isSeen = ({ requests, healthy }: RawCounts) => requests > 0 || healthy !== undefined;

/** Whether a task of the candidate had at most a quarter more requests than one of the active slot. */
function isEven({ candidate, active }: RawMinute): boolean {
  const perTask = ({ requests, healthy = 0 }: RawCounts) => (healthy > 0 ? requests / healthy : Number.NaN);
  return perTask(candidate) <= LOADED * perTask(active);
}

/** The slot as a whole, for what is not counted per zone: the zones' requests together, its own counts as they are. */
function summed(zones: readonly (readonly RawCounts[])[]): readonly RawCounts[] {
  const [first = []] = zones;
  return first.map((counts, index) => {
    let requests = 0;
    for (const zone of zones) requests += zone[index]?.requests ?? 0;
    return { ...counts, requests };
  });
}
