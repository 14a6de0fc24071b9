import type { Health } from "./health.ts";

/**
 * ELB guide, "Edit target group attributes", slow start mode: a target that becomes healthy gets its share of requests
 * little by little, from none to all of it in a straight line over so many seconds.
 * (docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html)
 */
export interface SlowStart {
  /** When it became healthy, by the clock of the cloud. */
  readonly sinceMs: number;
  /** Parts of requests that it may have and has not had yet. */
  credit: number;
}

/** What of a target says how warm it is. */
export interface Warming {
  readonly health: Health;
  /** undefined: it gets its whole share. */
  readonly slowStart: SlowStart | undefined;
  /** Set once it is deregistering. */
  readonly draining: Promise<void> | undefined;
}

/** Of attributes as ELB keeps them; 0: there is no slow start. */
export const slowStartMs = (attributes: Readonly<Record<string, string>>): number =>
  Number(attributes["slow_start.duration_seconds"] ?? "0") * 1000;

/**
 * What a target that has just become healthy begins with. The guide: "Newly registered targets enter slow start mode only
 * when there is at least one healthy target that is not in slow start mode."
 */
export function begunSlowly(
  others: Iterable<Warming>,
  durationMs: number,
  nowMs: number,
): SlowStart | undefined {
  if (durationMs === 0) return undefined;
  const isWarm = (other: Warming) =>
    other.draining === undefined && other.health.state === "healthy" && !isSlow(other, durationMs, nowMs);
  return [...others].some(isWarm) ? { sinceMs: nowMs, credit: 0 } : undefined;
}

const isSlow = ({ slowStart }: Pick<Warming, "slowStart">, durationMs: number, nowMs: number): boolean =>
  slowStart !== undefined && nowMs - slowStart.sinceMs < durationMs;

/** Whether the target takes the request that is its turn, or the next one does. */
export function takesItsTurn(
  { slowStart }: Pick<Warming, "slowStart">,
  durationMs: number,
  nowMs: () => number,
): boolean {
  if (slowStart === undefined) return true;
  const share = (nowMs() - slowStart.sinceMs) / durationMs;
  // A duration of 0, that is to say one that was switched off, makes this infinite, or no number.
  if (!(share < 1)) return true;
  slowStart.credit += share;
  if (slowStart.credit < 1) return false;
  slowStart.credit -= 1;
  return true;
}
