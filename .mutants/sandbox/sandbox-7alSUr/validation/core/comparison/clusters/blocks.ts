import { chiSquareOfPair, chiSquares, keep, type ChiSquares } from "./pairs.ts";

/** One zone's sums from the first minute to before each minute, so that a block of any length is a difference. */
export interface Running {
  readonly exposure: number[];
  readonly events: number[];
}

export const running = (): Running => ({ exposure: [0], events: [0] });

export const within = (sums: readonly number[], from: number, to: number) =>
  (sums[to] ?? 0) - (sums[from] ?? 0);

/** What the blocks of one length say. */
export interface Blocks {
  readonly minutes: number;
  /** Where the next one begins, in minutes. */
  next: number;
  /** Between the zones of each block: chi-squares added up, and their degrees of freedom. */
  chiSquare: number;
  degrees: number;
  /** The same in pairs: each zone beside all before it. */
  readonly contrasts: ChiSquares;
  /** Between neighbouring blocks of the slot as a whole. */
  readonly neighbours: ChiSquares;
}

export const blocksOf = (minutes: number): Blocks => ({
  minutes,
  next: 0,
  chiSquare: 0,
  degrees: 0,
  contrasts: chiSquares(),
  neighbours: chiSquares(),
});

/** Takes in the blocks that are over after `total` minutes; neighbours only where they are asked for. */
export function extend(blocks: Blocks, zones: readonly Running[], total: number, isInTime: boolean): void {
  const { minutes } = blocks;
  for (; blocks.next + minutes <= total; blocks.next += minutes) {
    const [from, to] = [blocks.next, blocks.next + minutes];
    if (zones.length > 1) {
      addBetween(blocks, zones, from, to);
      addContrasts(blocks.contrasts, zones, from, to);
    }
    if (isInTime && to % (2 * minutes) === 0) addNeighbours(blocks.neighbours, zones, from, minutes);
  }
}

/** Chi-square of a block's events between the zones that had requests in it. */
function addBetween(into: Blocks, zones: readonly Running[], from: number, to: number): void {
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
  if (events === 0 || exposed < 2) return;
  for (const zone of zones) {
    const expected = (events * within(zone.exposure, from, to)) / exposure;
    if (expected > 0) into.chiSquare += (within(zone.events, from, to) - expected) ** 2 / expected;
  }
  into.degrees += exposed - 1;
}

/** Each zone of a block beside all before it: independent of each other, and together the zones' chi-square. */
function addContrasts(into: ChiSquares, zones: readonly Running[], from: number, to: number): void {
  let exposure = 0;
  let events = 0;
  for (const zone of zones) {
    const own = { exposure: within(zone.exposure, from, to), events: within(zone.events, from, to) };
    const value = chiSquareOfPair({ exposure, events }, own);
    if (value !== undefined) keep(into, value);
    exposure += own.exposure;
    events += own.events;
  }
}

/** The block that begins at `middle` and the one before it, of the whole slot. */
function addNeighbours(into: ChiSquares, zones: readonly Running[], middle: number, minutes: number): void {
  const before = { exposure: 0, events: 0 };
  const after = { exposure: 0, events: 0 };
  for (const zone of zones) {
    before.exposure += within(zone.exposure, middle - minutes, middle);
    before.events += within(zone.events, middle - minutes, middle);
    after.exposure += within(zone.exposure, middle, middle + minutes);
    after.events += within(zone.events, middle, middle + minutes);
  }
  const value = chiSquareOfPair(before, after);
  if (value !== undefined) keep(into, value);
}
