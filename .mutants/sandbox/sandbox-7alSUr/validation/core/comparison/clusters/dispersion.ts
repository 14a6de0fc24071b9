import type { Count } from "../counts.ts";
import { blocksOf, extend, running, within, type Running } from "./blocks.ts";
import { beyondChance, CHANCE, FEWEST_DEGREES, ofNeighbours, withoutIncidents } from "./pairs.ts";

/** How strongly the events of a slot come in clusters. */
export interface Dispersion {
  /** Variance over mean of the counts, at least 1: about the size of a cluster. */
  readonly phi: number;
  /** The same without what incidents of one zone add to it, at most `phi`: pairs.ts. */
  readonly bounded: number;
  /** Whether it was assumed, because there was too little to estimate it from. */
  readonly assumed: boolean;
  /** Events that it was estimated from. */
  readonly events: number;
  /** Minutes with events. */
  readonly minutes: number;
}

/** The active slot's counts per minute, in each Availability Zone; all zones over the same minutes. */
export type ZoneCounts = readonly (readonly Count[])[];

/** Clusters may lie in one minute or be spread over an hour, so blocks of all these lengths are tried. */
const BLOCK_MINUTES = [1, 2, 5, 10, 20, 40, 60] as const;
const LONGEST = 60;
const FEWEST_EVENTS = 50;
/** So many events show how large the clusters may be at most. */
const FEWEST_TO_BOUND = 5;
const FEWEST_MINUTES = 30;
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
export function dispersionOf({ zones: all, historyMinutes, sticky }: DispersionInput): Dispersion {
  const zones = all.filter((zone) => zone.some(({ exposure }) => exposure > 0));
  const tracker = dispersionTracker({ zones: zones.length, historyMinutes, sticky });
  const total = Math.max(0, ...all.map((zone) => zone.length));
  const counts: Count[] = zones.map(() => NOTHING);
  for (let minute = 0; minute < total; minute++) {
    for (let index = 0; index < zones.length; index++) counts[index] = zones[index]?.[minute] ?? NOTHING;
    tracker.add(counts);
  }
  return tracker.current();
}

/** The same, minute by minute, of zones that all have requests. */
export interface DispersionTracker {
  /** The next minute: one count a zone, the zones always in the same order. */
  add(zones: readonly Count[]): void;
  /** φ from the minutes so far. */
  current(): Dispersion;
}

const NOTHING: Count = { exposure: 0, events: 0 };

export function dispersionTracker({
  zones: zoneCount,
  historyMinutes,
  sticky,
}: Omit<DispersionInput, "zones"> & { readonly zones: number }): DispersionTracker {
  const zones = Array.from({ length: zoneCount }, running);
  const lengths = BLOCK_MINUTES.map(blocksOf);
  // A session stays on the slot, not in a zone, so its clusters show in time; elsewhere the zones tell, which an
  // incident of both cannot mislead.
  const isInTime = sticky || zoneCount === 1;
  const counted = { events: 0, minutes: 0 };
  // Users who stay bring clusters as long as their sessions: until long blocks were compared, none are ruled out.
  const shortest = sticky ? FEWEST_DEGREES * LONGEST : 0;
  const longBlocks = { events: 0, squares: 0, exposure: 0, exposureSquares: 0 };
  let total = 0;
  let raised = { phi: 1, bounded: 1 };
  const estimate = () => {
    let { phi, bounded } = raised;
    for (const blocks of lengths) {
      extend(blocks, zones, total, isInTime);
      const { chiSquare, degrees, contrasts, neighbours } = blocks;
      phi = ofNeighbours(neighbours, Math.max(phi, beyondChance(chiSquare, degrees)));
      bounded = withoutIncidents(neighbours, withoutIncidents(contrasts, bounded));
    }
    return { phi, bounded };
  };

  /**
   * What one event finds in its block, itself included, less what chance puts there: about the size of a cluster, or
   * more where the rate changes. Few events, each in a block of its own, show that there are no large clusters.
   */
  const perLongBlock = () => {
    const { events, squares, exposure, exposureSquares } = longBlocks;
    const blocks = Math.floor(total / LONGEST);
    if (events < FEWEST_TO_BOUND || blocks < FEWEST_DEGREES) return Number.POSITIVE_INFINITY;
    const pairs = (squares - events) / 2;
    // More requests of an hour bring more events, and no clusters.
    const byChance = (events * (events - 1) * exposureSquares) / (2 * exposure ** 2);
    if (pairs <= byChance + CHANCE * Math.sqrt(byChance)) return 1;
    return 1 + (2 * (pairs - byChance)) / events;
  };

  return {
    add(counts) {
      let events = 0;
      for (let index = 0; index < zones.length; index++) {
        const count = counts[index] ?? NOTHING;
        append(zones[index], total, count);
        events += count.events;
      }
      total += 1;
      counted.events += events;
      counted.minutes += events > 0 ? 1 : 0;
      if (total % LONGEST === 0) addSquares(longBlocks, zones, total - LONGEST, total);
      // The history, then one more hour of the release at a time.
      if (total >= historyMinutes && (total - historyMinutes) % RENEW_MINUTES === 0) {
        raised = estimate();
      }
    },
    current() {
      const found = total < historyMinutes ? estimate() : raised;
      const bounded = Math.min(found.phi, found.bounded);
      const isEnough =
        counted.events >= FEWEST_EVENTS && counted.minutes >= FEWEST_MINUTES && total >= shortest;
      if (isEnough) return { phi: found.phi, bounded, assumed: false, ...counted };
      const assumed = Math.min(sticky ? ASSUMED_WITH_STICKINESS : ASSUMED, perLongBlock());
      const phi = Math.max(found.phi, assumed);
      return { phi, bounded: Math.max(bounded, assumed), assumed: true, ...counted };
    },
  };
}

function append(zone: Running | undefined, at: number, { exposure, events }: Count): void {
  zone?.exposure.push((zone.exposure[at] ?? 0) + exposure);
  zone?.events.push((zone.events[at] ?? 0) + events);
}

function addSquares(
  sum: { events: number; squares: number; exposure: number; exposureSquares: number },
  zones: readonly Running[],
  from: number,
  to: number,
): void {
  const events = zones.reduce((total, zone) => total + within(zone.events, from, to), 0);
  const exposure = zones.reduce((total, zone) => total + within(zone.exposure, from, to), 0);
  sum.events += events;
  sum.squares += events ** 2;
  sum.exposure += exposure;
  sum.exposureSquares += exposure ** 2;
}
