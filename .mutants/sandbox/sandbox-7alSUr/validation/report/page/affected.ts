import { minutesOf, type CountsRecord } from "../../core/comparison/record.ts";
import type { TimedMinute } from "../../core/comparison/compared.ts";
import { totalOf } from "../../core/comparison/counts.ts";
import type { ReleaseStory } from "./story.ts";

/** What the candidate meant for users, from the minutes that were read. */
export interface Affected {
  /** Requests that the candidate answered, and those of both slots. */
  readonly onCandidate: number;
  readonly all: number;
  readonly failed: number;
  /** Failures beyond those that the active slot would have had in the same minutes; undefined: nothing to hold them against. */
  readonly beyond: number | undefined;
  /** Begin of the first minute and end of the last, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;

/** undefined: no minute was read, so nobody can say. */
export function affectedBy({ counts, began }: ReleaseStory): Affected | undefined {
  const failed = counts.find(({ kind }) => kind === "failed");
  const minutes = failed === undefined ? [] : releaseMinutes(failed, began);
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const total = totalOf(minutes);
  const expected = expectedFailures(minutes);
  return {
    onCandidate: total.candidate.exposure,
    all: total.candidate.exposure + total.active.exposure,
    failed: total.candidate.events,
    beyond: expected === undefined ? undefined : Math.max(0, Math.round(total.candidate.events - expected)),
    fromMs: first.atMs,
    toMs: last.atMs + MINUTE_MS,
  };
}

/** Minutes of this release: an earlier attempt of the same pair of models has its own report. */
export function releaseMinutes(counts: CountsRecord, began: string): readonly TimedMinute[] {
  const fromMs = Date.parse(began) - MINUTE_MS;
  return minutesOf(counts).filter(({ atMs }) => atMs > fromMs);
}

/**
 * What the active slot would have failed of the candidate's requests: minute by minute, because shares and traffic
 * change together; with its rate of all minutes where it had no requests itself.
 */
function expectedFailures(minutes: readonly TimedMinute[]): number | undefined {
  const { active } = totalOf(minutes);
  if (active.exposure === 0) return undefined;
  const usual = active.events / active.exposure;
  return minutes.reduce((sum, { candidate, active: { exposure, events } }) => {
    const rate = exposure > 0 ? events / exposure : usual;
    return sum + candidate.exposure * rate;
  }, 0);
}
