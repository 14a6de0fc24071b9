import { between, logAdd, logMean } from "./grid.ts";
import { partOf, sumsOf, type Minute } from "./minute.ts";

const HARM = between(1.1, 20);
const SAFE = between(1 / 20, 1 / 1.1);
/** docs/decision.md, "To compute it again": w is rounded to so many parts where minutes are taken together. */
const PARTS = 500;

/** log of the mean over c of Π (θ(c r) / θ(r))^(x / φ) ((1 - θ(c r)) / (1 - θ(r)))^(y / φ), as a function of r. */
function evidenceOf(minutes: readonly Minute[], phi: number, factors: readonly number[]) {
  let onCandidate = 0;
  const byPart = new Map<number, number>();
  for (const minute of minutes) {
    const w = partOf(minute);
    const events = minute.candidate.events + minute.active.events;
    if (w === undefined || events === 0) continue;
    onCandidate += minute.candidate.events / phi;
    const part = Math.min(PARTS - 1, Math.max(1, Math.round(w * PARTS))) / PARTS;
    byPart.set(part, (byPart.get(part) ?? 0) + events / phi);
  }
  const shared = (ratio: number) => {
    let sum = 0;
    for (const [w, events] of byPart) sum += events * Math.log(w * ratio + 1 - w);
    return sum;
  };
  return (ratio: number) =>
    logMean(factors.map((c) => onCandidate * Math.log(c) + shared(ratio) - shared(c * ratio)));
}

/** log of the evidence that the candidate fails less than `ratio` times as often, or in less than `rate` of its requests. */
export function provenLog(
  minutes: readonly Minute[],
  phi: number,
  ratio: number,
  rate: number | undefined,
): number {
  const byRatio = evidenceOf(minutes, phi, SAFE)(ratio);
  if (rate === undefined) return byRatio;
  const { candidate } = sumsOf(minutes);
  const mean = (candidate.requests * rate) / phi;
  const byRate = logMean(SAFE.map((c) => (candidate.events / phi) * Math.log(c) + mean * (1 - c)));
  return logAdd(byRatio, byRate) - Math.LN2;
}

export interface Interval {
  readonly estimate: number | undefined;
  readonly low: number;
  readonly high: number | undefined;
}

const [LOWEST, HIGHEST, HALVINGS] = [1 / 1000, 10_000, 18];

/** The ratios that the minutes leave possible, with an error of α in all. */
export function intervalOf(minutes: readonly Minute[], phi: number, alpha: number): Interval {
  const needed = Math.log(2 / alpha);
  const harm = evidenceOf(minutes, phi, HARM);
  const safe = evidenceOf(minutes, phi, SAFE);
  return {
    estimate: estimateOf(minutes),
    low: harm(LOWEST) >= needed ? halved((ratio) => harm(ratio) >= needed) : 0,
    high: safe(HIGHEST) >= needed ? halved((ratio) => safe(ratio) < needed) : undefined,
  };
}

/** Where what holds at low ratios ceases to hold, by halving their logarithm. */
function halved(holds: (ratio: number) => boolean): number {
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)];
  for (let turn = 0; turn < HALVINGS; turn++) {
    const middle = (low + high) / 2;
    if (holds(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

function estimateOf(minutes: readonly Minute[]): number | undefined {
  const { candidate, active } = sumsOf(minutes.filter((minute) => partOf(minute) !== undefined));
  if (active.events === 0) return undefined;
  return candidate.events / candidate.requests / (active.events / active.requests);
}
