import type { CustomMetric } from "../../../contract/signals/custom-metric.ts";
import type { SignalSeries } from "../signals/series.ts";
import type { Dispersion } from "./clusters/dispersion.ts";

/** Counts of one slot in one minute, as CloudWatch has them; what it does not report is 0. */
export interface RawCounts {
  /** RequestCount: requests for which a target was chosen. */
  readonly requests: number;
  /** HTTPCode_Target_2XX_Count to _4XX_Count together. */
  readonly answered: number;
  /** Of these, HTTPCode_Target_3XX_Count and HTTPCode_Target_4XX_Count. */
  readonly redirects: number;
  readonly refusals: number;
  /** HTTPCode_Target_5XX_Count. */
  readonly errors: number;
  /** TargetConnectionErrorCount: connections that no task took, perhaps several of one request. */
  readonly refused: number;
  /** SampleCount of TargetResponseTime. */
  readonly timed: number;
  /** Per slow threshold: requests whose answer began later. */
  readonly slow: readonly number[];
  /** Answers that the alarm on slow requests counts: those later than `thresholds.slowSeconds`. */
  readonly late: number;
  /** Per custom metric: its sum. */
  readonly custom: readonly number[];
  /** Smallest number of healthy tasks; undefined: not reported. */
  readonly healthy: number | undefined;
}

export interface RawMinute {
  /** When it began, epoch ms of the cloud's clock. */
  readonly atMs: number;
  readonly candidate: RawCounts;
  readonly active: RawCounts;
  /**
   * HTTPCode_ELB_5XX_Count: 5xx that the load balancer answered itself, for both slots together (the metric has no other
   * dimension). undefined: not known, or the load balancer serves others, too.
   */
  readonly balancerErrors?: number | undefined;
}

/** A quantile of the active slot's response times before the release, frozen for all of it. */
export interface SlowThreshold {
  /** 0.9 or 0.99. */
  readonly quantile: number;
  readonly seconds: number;
  /** Answers that it was taken from. */
  readonly samples: number;
}

/** What is read about a pair of models to compare them. */
export interface ComparisonData {
  /** All minutes in which they shared users, complete ones only, oldest first. */
  readonly minutes: readonly RawMinute[];
  readonly slowThresholds: readonly SlowThreshold[];
  readonly customMetrics: readonly CustomMetric[];
  /** What was read of the stack's signals. */
  readonly signals: readonly SignalSeries[];
  /** The active slot per Availability Zone, minute by minute from before the release until now. */
  readonly zones: readonly (readonly RawCounts[])[];
  /** When the first of those minutes began, epoch ms. */
  readonly zonesFromMs: number;
  /** So many of those minutes lie before the release. */
  readonly historyMinutes: number;
  /** By name of the metric, when it was found before: counts that were kept have no zones any more. */
  readonly dispersions?: ReadonlyMap<string, Dispersion> | undefined;
  /** Set where the counts were kept without the classes of the answers: failures alone are known then. */
  readonly isWithoutClasses?: boolean;
}

/** A minute's numbers as one word: two reads of it agree when the words are the same. */
export const fingerprint = ({ candidate, active }: RawMinute): string =>
  [candidate, active]
    .map(({ requests, answered, redirects, refusals, errors, refused, timed, late, slow, custom }) =>
      [requests, answered, redirects, refusals, errors, refused, timed, late, ...slow, ...custom].join(" "),
    )
    .join(" / ");

/** What a check of this process read of a minute, and since when each check has read the same, epoch ms. */
export interface EarlierRead {
  readonly counts: string;
  readonly sinceMs: number;
}

/** What the checks of this process have read so far, by the begin of the minute. */
export type EarlierReads = ReadonlyMap<number, EarlierRead>;

/** The same after one more look. */
export const remembered = (
  minutes: readonly RawMinute[],
  nowMs: number,
  earlier: EarlierReads = new Map(),
): EarlierReads =>
  new Map(
    minutes.map((minute) => {
      const counts = fingerprint(minute);
      const before = earlier.get(minute.atMs);
      return [minute.atMs, before?.counts === counts ? before : { counts, sinceMs: nowMs }];
    }),
  );

const MINUTE_MS = 60_000;
/**
 * A slot with so many requests in one minute has none in the next by chance once in 22,000 minutes (Poisson: exp(-10)):
 * it is its figures that are late.
 */
const NEVER_SILENT_AFTER = 10;

/** Whether a count of one minute tells that its figures are late, beside that of the minute before. */
export const isSuddenlySilent = (now: number, before: number): boolean =>
  now === 0 && before >= NEVER_SILENT_AFTER;
/** After so long a minute is final: nobody waits for more of it. */
const FINAL_AFTER_MS = 5 * MINUTE_MS;

/** Minutes that ended at this moment or before are final, epoch ms. */
export const finalUntil = (nowMs: number): number => nowMs - FINAL_AFTER_MS;

export const isFinal = ({ atMs }: Pick<RawMinute, "atMs">, finalUntilMs: number): boolean =>
  atMs + MINUTE_MS <= finalUntilMs;

/**
 * The minutes that count: CloudWatch's newest are partial or late, so a minute is settled when it ended at least
 * the lag ago and every look for a whole period has read the same (two checks within one period read the same
 * publication), or when it is final. One of which less than half of the requests were answered waits until it is
 * final, as far as the load balancer's own errors do not explain that: RequestCount may come before the answers. So
 * does one with more than twice as many answers as requests: RequestCount may come after them. So does one of which
 * nothing is there, see `isSilent`. A minute after one that is not settled waits for it.
 */
export function settled(
  minutes: readonly RawMinute[],
  at: { readonly nowMs: number; readonly lagSeconds: number; readonly sticky: boolean },
  earlier: EarlierReads,
): readonly RawMinute[] {
  const isSettled = (minute: RawMinute, before: RawMinute | undefined) => {
    if (isFinal(minute, finalUntil(at.nowMs))) return true;
    if (isSilent(minute, before)) return false;
    const read = earlier.get(minute.atMs);
    const isSame = read?.counts === fingerprint(minute) && at.nowMs - read.sinceMs >= MINUTE_MS;
    return isSame && at.nowMs - (minute.atMs + MINUTE_MS) >= at.lagSeconds * 1000 && isWhole(minute, at);
  };
  const end = minutes.findIndex((minute, index) => !isSettled(minute, minutes[index - 1]));
  return end === -1 ? minutes : minutes.slice(0, end);
}

/** Whether no request is there where some are to be expected: of both slots, or of one that had many a minute before. */
function isSilent({ atMs, candidate, active }: RawMinute, before: RawMinute | undefined): boolean {
  if (candidate.requests + active.requests === 0) return true;
  if (before?.atMs !== atMs - MINUTE_MS) return false;
  return (
    isSuddenlySilent(candidate.requests, before.candidate.requests) ||
    isSuddenlySilent(active.requests, before.active.requests)
  );
}

/**
 * Who can choose a slot can leave it as many requests as he likes, and would keep its minutes waiting; there the number
 * of answers that were timed tells how many there should be.
 */
const isWhole = (
  { candidate, active, balancerErrors = 0 }: RawMinute,
  { sticky }: { readonly sticky: boolean },
) =>
  [candidate, active].every(({ requests, timed, answered, errors }) =>
    sticky
      ? 2 * (answered + errors) >= timed
      : 2 * (answered + errors + balancerErrors) >= requests && answered + errors <= 2 * requests,
  );
