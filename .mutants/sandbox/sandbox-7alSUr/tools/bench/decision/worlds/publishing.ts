import type { RawCounts, RawMinute } from "../../../../validation/core/comparison/data.ts";
import type { Random } from "../random.ts";
import type { Lateness } from "./release-world.ts";
import type { SlotMinute } from "./slot-minute.ts";
import { TASKS } from "./traffic.ts";

/** So many minutes after its end at the latest, everything of a minute can be read. */
export const LATEST_MINUTES = 4;
const LATE_MINUTES = 3;
/** The single late point is one of the candidate's first so many minutes. */
const SINGLE_WITHIN = 30;

/** Everything that CloudWatch will ever say of a minute of a slot. */
export const countsOf = ({ requests, failed, slow90, slow99, unanswered }: SlotMinute): RawCounts => ({
  requests,
  answered: requests - failed - unanswered,
  redirects: 0,
  refusals: 0,
  errors: failed,
  refused: 0,
  timed: requests - unanswered,
  late: slow99,
  slow: [slow90, slow99],
  custom: [],
  healthy: TASKS,
});

/** A minute of which something comes late. */
export interface Published {
  /** What can be read of it so many minutes after its end. */
  at(minutesAfter: number): RawMinute;
}

/** The parts of a slot's minute that are published apart, in minutes after its end. */
interface Delays {
  readonly requests: number;
  readonly answered: number;
  readonly errors: number;
  readonly times: number;
}

const ON_TIME: Delays = { requests: 0, answered: 0, errors: 0, times: 0 };

/** Draws when the parts of each minute come, of those in which both slots have users. */
export function publisher(lateness: Lateness, random: Random) {
  const single = lateness.kind === "single" ? Math.floor(random() * SINGLE_WITHIN) : Number.NaN;
  let count = 0;
  const delays = (): Delays => {
    if (lateness.kind === "none" || lateness.kind === "single") return ON_TIME;
    const one = () => (random() < lateness.probability ? LATE_MINUTES : 0);
    return { requests: one(), answered: one(), errors: one(), times: one() };
  };
  /** What is there of a count before all of it is. */
  const early = lateness.kind === "revised" ? (value: number) => Math.floor(value / 2) : () => 0;
  const known = (counts: RawCounts, delay: Delays, minutesAfter: number): RawCounts => {
    const part = (value: number, of: keyof Delays) => (minutesAfter >= delay[of] ? value : early(value));
    return {
      ...counts,
      requests: part(counts.requests, "requests"),
      answered: part(counts.answered, "answered"),
      errors: part(counts.errors, "errors"),
      timed: part(counts.timed, "times"),
      late: part(counts.late, "times"),
      slow: counts.slow.map((value) => part(value, "times")),
    };
  };
  return (whole: RawMinute): Published => {
    const isSingle = count++ === single;
    const candidate = isSingle ? { ...ON_TIME, answered: LATEST_MINUTES, errors: LATEST_MINUTES } : delays();
    const active = delays();
    const isOnTime = [candidate, active].every((one) => Object.values(one).every((delay) => delay === 0));
    if (isOnTime) return { at: () => whole };
    return {
      at: (minutesAfter) =>
        minutesAfter >= LATEST_MINUTES
          ? whole
          : {
              ...whole,
              candidate: known(whole.candidate, candidate, minutesAfter),
              active: known(whole.active, active, minutesAfter),
            },
    };
  };
}
