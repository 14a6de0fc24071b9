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
const LONGEST = 60;
const FEWEST_EVENTS = 50;
/** So many events show how large the clusters may be at most. */
const FEWEST_TO_BOUND = 5;
const FEWEST_MINUTES = 30;
// Below this many degrees of freedom chi-square / df says more about chance than about clusters.
const FEWEST_DEGREES = 8;
/** Raised at these distances during a release, never lowered. */
const RENEW_MINUTES = 60;
// So many standard deviations above 1 are still chance: the greatest of seven estimates, renewed each hour, is far
// above 1 in most days of a service without any clusters, and would make every decision slower.
const CHANCE = 2.5;
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
export function dispersionOf({ zones: all, historyMinutes, sticky }: DispersionInput): Dispersion {
  const zones = all.filter((zone) => zone.some(({ exposure }) => exposure > 0));
  const tracker = dispersionTracker({ zones: zones.length, historyMinutes, sticky });
  const total = Math.max(0, ...all.map((zone) => zone.length));
  const counts: ArmCount[] = zones.map(() => NOTHING);
  for (let minute = 0; minute < total; minute++) {
    for (let index = 0; index < zones.length; index++) counts[index] = zones[index]?.[minute] ?? NOTHING;
    tracker.add(counts);
  }
  return tracker.current();
}

/** The same, minute by minute, of zones that all have requests. */
export interface DispersionTracker {
  /** The next minute: one count a zone, the zones always in the same order. */
  add(zones: readonly ArmCount[]): void;
  /** φ from the minutes so far. */
  current(): Dispersion;
}

const NOTHING: ArmCount = { exposure: 0, events: 0 };

export function dispersionTracker({
  zones: zoneCount,
  historyMinutes,
  sticky,
}: Omit<DispersionInput, "zones"> & { readonly zones: number }): DispersionTracker {
  // Sums of everything up to each minute, so that a block of any length is a difference.
  const zones = Array.from({ length: zoneCount }, (): Running => ({ exposure: [0], events: [0] }));
  const between = BLOCK_MINUTES.map(() => ({ chiSquare: 0, degrees: 0 }));
  /** Chi-squares of pairs of neighbouring blocks, in rising order. */
  const neighbours = BLOCK_MINUTES.map((): number[] => []);
  const counted = { events: 0, minutes: 0 };
  // Users who stay bring clusters as long as their sessions: until long blocks were compared, none are ruled out.
  const shortest = sticky ? FEWEST_DEGREES * LONGEST : 0;
  const longBlocks = { events: 0, squares: 0 };
  let total = 0;
  let phi = 1;
  const estimate = () => {
    const perLength = BLOCK_MINUTES.map((_, index) => {
      if (zoneCount === 1) return ofNeighbours(neighbours[index] ?? []);
      const { chiSquare, degrees } = between[index] ?? { chiSquare: 0, degrees: 0 };
      return beyondChance(chiSquare, degrees);
    });
    return Math.max(1, ...perLength);
  };

  /**
   * What one event finds in its block, itself included, less what chance puts there: about the size of a cluster, or
   * more where the rate changes. Few events, each in a block of its own, show that there are no large clusters.
   */
  const perLongBlock = () => {
    const { events, squares } = longBlocks;
    const blocks = Math.floor(total / LONGEST);
    if (events < FEWEST_TO_BOUND || blocks < FEWEST_DEGREES) return Number.POSITIVE_INFINITY;
    const pairs = (squares - events) / 2;
    const byChance = (events * (events - 1)) / (2 * blocks);
    if (pairs <= byChance + CHANCE * Math.sqrt(byChance)) return 1;
    return 1 + (2 * (pairs - byChance)) / events;
  };

  return {
    add(counts) {
      let events = 0;
      for (let index = 0; index < zones.length; index++) {
        const count = counts[index] ?? NOTHING;
        extend(zones[index], total, count);
        events += count.events;
      }
      total += 1;
      counted.events += events;
      counted.minutes += events > 0 ? 1 : 0;
      for (let index = 0; index < BLOCK_MINUTES.length; index++) {
        const length = BLOCK_MINUTES[index] ?? 1;
        if (total % length === 0) addChiSquare(between[index], zones, total - length, total);
        if (zoneCount === 1 && total % (2 * length) === 0) {
          insert(neighbours[index] ?? [], chiSquareOfNeighbours(zones[0], total, length));
        }
      }
      if (total % LONGEST === 0) addSquares(longBlocks, zones, total - LONGEST, total);
      // The history, then one more hour of the release at a time.
      if (total >= historyMinutes && (total - historyMinutes) % RENEW_MINUTES === 0) {
        phi = Math.max(phi, estimate());
      }
    },
    current() {
      const found = total < historyMinutes ? Math.max(phi, estimate()) : phi;
      const isEnough =
        counted.events >= FEWEST_EVENTS && counted.minutes >= FEWEST_MINUTES && total >= shortest;
      if (isEnough) return { phi: found, assumed: false, ...counted };
      const assumed = Math.min(sticky ? ASSUMED_WITH_STICKINESS : ASSUMED, perLongBlock());
      return { phi: Math.max(found, assumed), assumed: true, ...counted };
    },
  };
}

/** Sums from the first minute to before each minute. */
interface Running {
  readonly exposure: number[];
  readonly events: number[];
}

function extend(zone: Running | undefined, at: number, { exposure, events }: ArmCount): void {
  zone?.exposure.push((zone.exposure[at] ?? 0) + exposure);
  zone?.events.push((zone.events[at] ?? 0) + events);
}

const within = (sums: readonly number[], from: number, to: number) => (sums[to] ?? 0) - (sums[from] ?? 0);

interface ChiSquare {
  chiSquare: number;
  degrees: number;
}

function addSquares(
  sum: { events: number; squares: number },
  zones: readonly Running[],
  from: number,
  to: number,
): void {
  const events = zones.reduce((total, zone) => total + within(zone.events, from, to), 0);
  sum.events += events;
  sum.squares += events ** 2;
}

/** Chi-square of a block's events between the zones that had requests in it. */
function addChiSquare(sum: ChiSquare | undefined, zones: readonly Running[], from: number, to: number): void {
  let exposure = 0;
  let events = 0;
  let exposed = 0;
  for (const zone of zones) {
    const requests = within(zone.exposure, from, to);
    if (requests <= 0) continue;
    exposed += 1;
    exposure += requests;
    events += within(zone.events, from, to);
  }
  if (sum === undefined || events === 0 || exposed < 2) return;
  for (const zone of zones) {
    const expected = (events * within(zone.exposure, from, to)) / exposure;
    if (expected > 0) sum.chiSquare += (within(zone.events, from, to) - expected) ** 2 / expected;
  }
  sum.degrees += exposed - 1;
}

/** Chi-square / df, or 1 when chance explains it. */
function beyondChance(chiSquare: number, degrees: number): number {
  if (degrees < FEWEST_DEGREES) return 1;
  const found = chiSquare / degrees;
  return found > 1 + CHANCE * Math.sqrt(2 / degrees) ? found : 1;
}

/** The same between the last two neighbouring blocks of the only zone; undefined: they say nothing. */
function chiSquareOfNeighbours(zone: Running | undefined, end: number, length: number): number | undefined {
  if (zone === undefined) return undefined;
  const [from, middle] = [end - 2 * length, end - length];
  const first = within(zone.exposure, from, middle);
  const second = within(zone.exposure, middle, end);
  const events = within(zone.events, from, end);
  if (events === 0 || first <= 0 || second <= 0) return undefined;
  const expected = (events * first) / (first + second);
  const difference = within(zone.events, from, middle) - expected;
  return difference ** 2 / expected + difference ** 2 / (events - expected);
}

function insert(sorted: number[], value: number | undefined): void {
  if (value === undefined) return;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}

// An incident that begins or ends between two neighbours is no cluster: the most different twentieth is left out, and
// both ends of one incident in any case.
const LEFT_OUT = 0.05;
const FEWEST_LEFT_OUT = 2;

/** The pairs' mean chi-square without the most different ones, in units of what it is without clusters. */
function ofNeighbours(sorted: readonly number[]): number {
  const leftOut = Math.max(FEWEST_LEFT_OUT, Math.floor(sorted.length * LEFT_OUT));
  const kept = sorted.length - leftOut;
  if (kept < FEWEST_DEGREES) return 1;
  let sum = 0;
  for (let index = 0; index < kept; index++) sum += sorted[index] ?? 0;
  return beyondChance(sum / meanOfSmallest(kept / sorted.length), kept);
}

/**
 * Mean of a chi-square of one degree of freedom in its smallest `part`, without clusters: 1 - 2 z φ(z) / part, where
 * |Z| <= z has that probability for a standard normal Z.
 */
function meanOfSmallest(part: number): number {
  let low = 0;
  let high = 6;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (withinNormal(middle) < part) low = middle;
    else high = middle;
  }
  return 1 - (2 * high * Math.exp((-high * high) / 2)) / Math.sqrt(2 * Math.PI) / part;
}

/** P(|Z| <= z): erf(z / √2), Abramowitz & Stegun 7.1.26, off by at most 1.5e-7. */
function withinNormal(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const poly = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
  return 1 - poly.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
