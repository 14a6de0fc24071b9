import type { SuitePolicy } from "../../../contract/config/suite.ts";
import { CONFIDENCE, examplesNeeded, points, type SuiteFinding } from "../finding.ts";
import { differenceLimit, mcnemar } from "../statistics.ts";
import { spread, valuesFor, type ComparedSides, type Known, type Laboratory } from "./asking.ts";
import { farApartIn, flips } from "./differs.ts";
import { mapNumbers } from "./features.ts";

const EXAMPLES = 100;
/** As many as one batch has. */
const AT_A_TIME = 16;
/** Each number is changed by at most this part of itself; a whole number by at most one. */
const NOISE = 0.01;

/** Whole numbers with fewer values than this may be names of things, next to which there is nothing similar. */
const LEAST_WHOLE = 10;

/** Small changes of the numbers must not turn more of the candidate's answers than of the active slot's. */
export async function perturbation(
  laboratory: Laboratory,
  { candidate, active }: ComparedSides,
  known: readonly Known[],
  { accuracyMargin, accuracySight }: Pick<SuitePolicy, "accuracyMargin" | "accuracySight">,
): Promise<SuiteFinding | undefined> {
  const tried = spread(known, EXAMPLES);
  const wholes = new Set<number>();
  let most = Number.NEGATIVE_INFINITY;
  let hasFractions = false;
  for (const { input } of known) {
    mapNumbers(input, (value) => {
      if (Number.isInteger(value)) wholes.add(value);
      else hasFractions = true;
      most = Math.max(most, value);
      return value;
    });
  }
  const isCounted = wholes.size >= LEAST_WHOLE;
  if (!hasFractions && !isCounted) return undefined;
  const noisy = tried.map(({ input }, index) => noise(input, index, isCounted, most));
  const [own, other]: [unknown[], unknown[]] = [[], []];
  // In turn, or a slow candidate would take all the time there is.
  for (let at = 0; at < noisy.length; at += AT_A_TIME) {
    const some = noisy.slice(at, at + AT_A_TIME);
    own.push(...(await valuesFor(laboratory, candidate, some)));
    other.push(...(await valuesFor(laboratory, active, some)));
  }
  const farApart = {
    candidate: farApartIn(known.map((one) => one.candidate)),
    active: farApartIn(known.map((one) => one.active)),
  };
  let [n, worse, better, flipped, activeFlipped] = [0, 0, 0, 0, 0];
  for (const [index, one] of tried.entries()) {
    const [mine, theirs] = [own[index], other[index]];
    if (mine === undefined || theirs === undefined) continue;
    const isMine = flips(one.candidate, mine, farApart.candidate);
    const isTheirs = flips(one.active, theirs, farApart.active);
    n += 1;
    flipped += Number(isMine);
    activeFlipped += Number(isTheirs);
    worse += Number(isMine && !isTheirs);
    better += Number(!isMine && isTheirs);
  }
  const limit = differenceLimit({ n, worse, better }, CONFIDENCE);
  // So many that not one of them turns would show that too few do.
  const least = examplesNeeded(
    1,
    (m) => differenceLimit({ n: m, worse: 0, better: 0 }, CONFIDENCE) <= accuracySight,
  );
  const isSmall = least === undefined || known.length < least;
  return {
    name: "perturbation",
    pValue: n === 0 ? 1 : mcnemar({ n, worse, better }, accuracyMargin),
    // How much was seen of a set that is large enough stands beside it; nobody is held up by the time that it takes.
    shownGood: !isSmall && n > 0,
    ...(isSmall ? {} : { otherwise: "warn" as const }),
    seen: `small changes of the input turn ${flipped} of ${n} answers, and ${activeFlipped} of the active slot's`,
    sight: `${(Math.max(0, limit) * 100).toFixed(1)} points more would have shown`,
    missing: `one of ${points(accuracySight)} must`,
    needed: () => least,
    numbers: {
      n,
      worse,
      better,
      flipped,
      activeFlipped,
      value: (flipped - activeFlipped) / Math.max(1, n),
      candidate: flipped / Math.max(1, n),
      active: activeFlipped / Math.max(1, n),
      limit,
      margin: accuracyMargin,
      bound: accuracySight,
    },
  };
}

/** The same noise each time: an example's own, from its place. Whole numbers stay between 0 and the greatest there is. */
function noise(input: unknown, index: number, isCounted: boolean, most: number): unknown {
  let place = index * 7919;
  return mapNumbers(input, (value) => {
    place += 1;
    const unit = unitOf(place);
    if (!Number.isInteger(value)) return value * (1 + NOISE * unit);
    // One whole number in ten, so that the input stays what it was.
    if (!isCounted || Math.abs(unit) < 0.9) return value;
    const moved = value + Math.sign(unit);
    return moved < Math.min(0, value) || moved > most ? value : moved;
  });
}

/** A number from -1 to 1 that is always the same for a place (mulberry32). */
function unitOf(place: number): number {
  let mixed = (place + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
}
