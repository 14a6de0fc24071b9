import { totalOf, type ArmCount } from "./counts.ts";
import type { ComparisonData, RawMinute } from "./data.ts";
import { dispersionOf } from "./dispersion.ts";
import { isExcess } from "./excess.ts";
import { unanswered } from "./failures.ts";
import { usualOf } from "./metrics.ts";

/** Requests of the last minutes that got no answer, on both slots. */
export interface Silence {
  /** So many minutes were looked at. */
  readonly minutes: number;
  readonly candidate: ArmCount;
  readonly active: ArmCount;
  /** Whether they are clearly more on the candidate than on one as good as the active slot. */
  readonly isMore: boolean;
}

/** It only waits, so it may speak up more often than what takes users back: excess.ts. */
const LEVEL = 1e-3;
/** The alarms on rates look back as far. */
const FEWEST_MINUTES = 5;
/** An answer may be counted a minute after its request: an hour is more than enough of a past for the last minutes. */
const PAST_MINUTES = 60;

/**
 * Where clients can choose their slot, requests without an answer are no event of the comparison: whoever takes a cookie
 * that names the candidate can add as many as he likes to its side alone. They are looked at over as many minutes as a
 * step bakes, so that what is over keeps nobody waiting.
 */
export function silenceOf(
  data: ComparisonData,
  settled: readonly RawMinute[],
  { bakeMinutes, tolerance }: { readonly bakeMinutes: number; readonly tolerance: number },
): Silence {
  const minutes = Math.max(FEWEST_MINUTES, Math.ceil(bakeMinutes));
  const recent = settled.slice(-Math.max(PAST_MINUTES, minutes));
  const [candidates = [], actives = []] = (["candidate", "active"] as const).map((arm) =>
    unanswered(recent.map((minute) => minute[arm])).slice(-minutes),
  );
  const window = candidates.map((candidate, index) => ({ candidate, active: actives[index] ?? NONE }));
  const { phi } = dispersionOf({
    zones: data.zones.map((zone) => unanswered(zone)),
    historyMinutes: data.historyMinutes,
    sticky: true,
  });
  const usual = usualOf(data, unanswered);
  const isMore = isExcess({ window, usual, tolerance, dispersion: phi, level: LEVEL });
  const { candidate, active } = totalOf(window);
  return { minutes: window.length, candidate, active, isMore };
}

const NONE: ArmCount = { exposure: 0, events: 0 };
