import { totalOf, type Count } from "./counts.ts";
import type { ComparisonData, RawMinute } from "./data.ts";
import { dispersionOf } from "./clusters/dispersion.ts";
import { isExcess } from "./excess.ts";
import type { Counting } from "./failures.ts";
import { usualOf, zoneSums } from "./metrics.ts";

/** What happened to the requests of the last minutes on both slots. */
export interface Recent {
  /** So many minutes were looked at. */
  readonly minutes: number;
  readonly candidate: Count;
  readonly active: Count;
  /** Whether it is clearly more on the candidate than on one as good as the active slot. */
  readonly isMore: boolean;
}

/** It only waits, so it may speak up more often than what moves users back: excess.ts. */
const LEVEL = 1e-3;
/** The alarms on rates look back as far. */
const FEWEST_MINUTES = 5;
/** An answer may be counted a minute after its request: an hour is more than enough of a past for the last minutes. */
const PAST_MINUTES = 60;

/**
 * What is no event of the comparison, because others than the model can bring it about, and speaks against a candidate
 * all the same: it is looked at over as many minutes as a step bakes, so that what is over keeps nobody waiting.
 */
export function recentOf(
  data: ComparisonData,
  complete: readonly RawMinute[],
  count: Counting,
  policy: { readonly bakeMinutes: number; readonly tolerance: number; readonly sticky: boolean },
): Recent {
  const { bakeMinutes, tolerance, sticky } = policy;
  const minutes = Math.max(FEWEST_MINUTES, Math.ceil(bakeMinutes));
  const recent = complete.slice(-Math.max(PAST_MINUTES, minutes));
  const [candidates = [], actives = []] = (["candidate", "active"] as const).map((arm) =>
    count(recent.map((minute) => minute[arm])).slice(-minutes),
  );
  const window = candidates.map((candidate, index) => ({ candidate, active: actives[index] ?? NONE }));
  const usual = usualOf(zoneSums(data), count);
  const isBeyond = (dispersion: number) => isExcess({ window, usual, tolerance, dispersion, level: LEVEL });
  // Clusters only ever explain more, and to find out about them takes longer than everything else.
  const isMore =
    isBeyond(1) &&
    isBeyond(
      dispersionOf({
        zones: data.zones.map((zone) => count(zone)),
        historyMinutes: data.historyMinutes,
        sticky,
      }).phi,
    );
  const { candidate, active } = totalOf(window);
  return { minutes: window.length, candidate, active, isMore };
}

const NONE: Count = { exposure: 0, events: 0 };
