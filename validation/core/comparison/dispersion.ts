import type { ArmCount } from "./counts.ts";

/** How strongly the events of a slot come in clusters. */
export interface Dispersion {
  /** Variance over mean of the counts, at least 1: about the size of a cluster. */
  readonly phi: number;
  /** Whether it was assumed, because there was too little to estimate it from. */
  readonly assumed: boolean;
  /** Events that it was estimated from. */
  readonly events: number;
  /** Minutes with events. */
  readonly minutes: number;
}

/** The active slot's counts per minute, in each Availability Zone; all zones over the same minutes. */
export type ZoneCounts = readonly (readonly ArmCount[])[];

/** Clusters may lie in one minute or be spread over an hour, so blocks of all these lengths are tried. */
const BLOCK_MINUTES = [1, 2, 5, 10, 20, 40, 60] as const;
const FEWEST_EVENTS = 50;
const FEWEST_MINUTES = 30;
// Below this many degrees of freedom chi-square / df says more about chance than about clusters.
const FEWEST_DEGREES = 8;
/** Raised at these distances during a release, never lowered. */
const RENEW_MINUTES = 60;
const ASSUMED = 3;
const ASSUMED_WITH_STICKINESS = 10;

export interface DispersionInput {
  readonly zones: ZoneCounts;
  /** Minutes before the release: the first estimate takes only these. */
  readonly historyMinutes: number;
  /** Whether users stay on a slot: then one broken session is many events in a row. */
  readonly sticky: boolean;
}

/**
 * φ of the active slot's events: the greatest chi-square / df over the block lengths, of how a block's events are
 * spread over the zones (or, with one zone, over the two halves of neighbouring blocks) against how its requests
 * are. An incident, the time of day and a changing load are in both parts alike and cancel; Var/Mean per minute
 * would take each of them for clusters, and miss clusters that are spread over several minutes.
 */
export function dispersionOf({ zones, historyMinutes, sticky }: DispersionInput): Dispersion {
  const total = Math.max(0, ...zones.map((zone) => zone.length));
  const estimates = checkpoints(historyMinutes, total).map((end) => estimate(zones, end));
  const phi = Math.max(1, ...estimates);
  const counted = minutesWithEvents(zones, total);
  const isEnough = counted.events >= FEWEST_EVENTS && counted.minutes >= FEWEST_MINUTES;
  if (isEnough) return { phi, assumed: false, ...counted };
  return { phi: Math.max(phi, sticky ? ASSUMED_WITH_STICKINESS : ASSUMED), assumed: true, ...counted };
}

/** Ends of the periods that are estimated: the history, then one more hour of the release at a time. */
function checkpoints(history: number, total: number): readonly number[] {
  const ends = [Math.min(history, total)];
  for (let end = history + RENEW_MINUTES; end <= total; end += RENEW_MINUTES) ends.push(end);
  return ends;
}

function estimate(zones: ZoneCounts, end: number): number {
  const used = zones.filter((zone) => zone.some(({ exposure }) => exposure > 0));
  const perLength = BLOCK_MINUTES.map((length) =>
    used.length > 1 ? betweenZones(used, length, end) : betweenNeighbours(used[0] ?? [], length, end),
  );
  return Math.max(1, ...perLength);
}

/** Chi-square / df of the blocks' events between the zones. */
function betweenZones(zones: ZoneCounts, length: number, end: number): number {
  let chiSquare = 0;
  let degrees = 0;
  for (let from = 0; from + length <= end; from += length) {
    const cells = zones.map((zone) => sum(zone, from, from + length));
    const found = chiSquareOf(cells);
    chiSquare += found.chiSquare;
    degrees += found.degrees;
  }
  return degrees < FEWEST_DEGREES ? 1 : chiSquare / degrees;
}

// An incident that begins or ends between two neighbours is no cluster: the most different twentieth is left out.
const KEPT = 0.95;
/** Mean of a chi-square of one degree of freedom below its 95th percentile: P(χ²₃ <= 3.841) / 0.95. */
const MEAN_OF_KEPT = 0.758;

/** The same between neighbouring blocks of the only zone. */
function betweenNeighbours(zone: readonly ArmCount[], length: number, end: number): number {
  const found: number[] = [];
  for (let from = 0; from + 2 * length <= end; from += 2 * length) {
    const cells = [sum(zone, from, from + length), sum(zone, from + length, from + 2 * length)];
    const pair = chiSquareOf(cells);
    if (pair.degrees > 0) found.push(pair.chiSquare);
  }
  if (found.length < FEWEST_DEGREES) return 1;
  const kept = found.sort((a, b) => a - b).slice(0, Math.ceil(found.length * KEPT));
  return kept.reduce((total, value) => total + value, 0) / kept.length / MEAN_OF_KEPT;
}

function chiSquareOf(cells: readonly ArmCount[]): { readonly chiSquare: number; readonly degrees: number } {
  const exposed = cells.filter(({ exposure }) => exposure > 0);
  const all = sum(exposed, 0, exposed.length);
  if (all.events === 0 || exposed.length < 2) return { chiSquare: 0, degrees: 0 };
  const chiSquare = exposed.reduce((total, { exposure, events }) => {
    const expected = (all.events * exposure) / all.exposure;
    return total + (events - expected) ** 2 / expected;
  }, 0);
  return { chiSquare, degrees: exposed.length - 1 };
}

function sum(counts: readonly ArmCount[], from: number, to: number): ArmCount {
  let exposure = 0;
  let events = 0;
  for (let index = from; index < to; index++) {
    exposure += counts[index]?.exposure ?? 0;
    events += counts[index]?.events ?? 0;
  }
  return { exposure, events };
}

function minutesWithEvents(zones: ZoneCounts, end: number): { events: number; minutes: number } {
  let events = 0;
  let minutes = 0;
  for (let index = 0; index < end; index++) {
    const found = zones.reduce((total, zone) => total + (zone[index]?.events ?? 0), 0);
    events += found;
    minutes += found > 0 ? 1 : 0;
  }
  return { events, minutes };
}
