import {
  ALARM_KEYS,
  alarmSpec,
  type AlarmKey,
  type AlarmSpec,
  type CountId,
} from "../../../contract/alarms/alarm-catalog.ts";
import type { RawCounts } from "./data.ts";
import type { Excess } from "./excess.ts";
import { faults, unanswered, type Counting } from "./failures.ts";

/** For each alarm on a rate, how far the candidate had more than chance explains; undefined: no minutes tell. */
export type Excesses = Readonly<Partial<Record<AlarmKey, Excess | undefined>>>;

export interface RateAlarm {
  readonly key: AlarmKey;
  readonly kind: NonNullable<AlarmSpec["rate"]>["kind"];
  readonly count: Counting;
  /** Whether a request that may still be answered is an event of it. */
  readonly countsUnanswered: boolean;
}

/** What a minute of a slot has of each thing that alarms on rates count. */
const COUNTS: Readonly<Record<CountId, (counts: RawCounts) => number>> = {
  requests: ({ requests }) => requests,
  ok: ({ answered, redirects, refusals }) => answered - redirects - refusals,
  redirects: ({ redirects }) => redirects,
  refusals: ({ refusals }) => refusals,
  errors: ({ errors }) => errors,
  refused: ({ refused }) => refused,
  answers: ({ timed }) => timed,
  slow: ({ late }) => late,
};
export const countIn = (counts: RawCounts) => (id: CountId) => COUNTS[id](counts);

/** Those on requests without an answer: only what no later minute makes up for (unanswered.ts). */
const LASTING: Readonly<Partial<Record<AlarmKey, Pick<RateAlarm, "count" | "countsUnanswered">>>> = {
  "error-rate": { count: faults, countsUnanswered: false },
  "unanswered-rate": { count: unanswered, countsUnanswered: true },
};

export const RATE_ALARMS: readonly RateAlarm[] = ALARM_KEYS.flatMap((key) => {
  const { rate } = alarmSpec(key);
  if (rate === undefined) return [];
  const perMinute: Counting = (minutes) => minutes.map((counts) => rate.counted(countIn(counts)));
  return [{ key, kind: rate.kind, count: perMinute, countsUnanswered: false, ...LASTING[key] }];
});
