import { JUDGING_ALARM_KEYS, alarmSpec, type AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
import type { CountId } from "../../contract/alarms/define.ts";
import type { Count } from "../../contract/alarms/excess.ts";

/** What the load balancer counted of a cohort on the candidate since it was sent there. */
export interface CohortSeen {
  readonly name: string;
  /** Whether its rule leads to the candidate's slot still. */
  readonly isThere: boolean;
  readonly requests: number;
  /** What each alarm on a rate counts, of the group for cohorts instead of that of users. */
  readonly counts: readonly RateCount[];
}

export interface RateCount {
  readonly key: AlarmKey;
  readonly count: Count;
}

/** The same of the sums of each metric. */
export const rateCounts = (sums: ReadonlyMap<string, number>): readonly RateCount[] =>
  JUDGING_ALARM_KEYS.flatMap((key) => {
    const { rate } = alarmSpec(key);
    // What nobody counted has no points: the load balancer reports no zeros.
    const of = (id: CountId) => sums.get(id) ?? 0;
    return rate === undefined ? [] : [{ key, count: rate.counted(of) }];
  });
