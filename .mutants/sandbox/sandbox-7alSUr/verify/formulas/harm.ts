import { between, logAdd, logMean } from "./grid.ts";
import { partOf, type Minute } from "./minute.ts";

/** How a metric's evidence is weighed: the ratio that is no harm, and φ. */
export interface HarmTerms {
  readonly tolerance: number;
  readonly phi: number;
}

/** docs/decision.md: the ratios bet on, in units of the tolerated one. */
const FACTORS = between(1.1, 20);
const LOG_FACTORS = FACTORS.map(Math.log);

/** What the minutes so far have come to. Logarithms, so that nothing overflows. */
export interface HarmState {
  /** Per ratio, log of Π f. */
  readonly product: readonly number[];
  /** Per ratio, log of A. */
  readonly onset: readonly number[];
  /** Σ of p(s) of the minutes in which both slots had requests. */
  readonly used: number;
  /** Such minutes so far. */
  readonly minutes: number;
  /** log E. */
  readonly logE: number;
}

export const HARM_START: HarmState = {
  product: FACTORS.map(() => 0),
  onset: FACTORS.map(() => Number.NEGATIVE_INFINITY),
  used: 0,
  minutes: 0,
  logE: 0,
};

/** p(s) of docs/decision.md. */
const massOf = (s: number) => 1 / (1.0692 * (s + 3) * Math.log(s + 3) ** 2);

/** E = ½ mean of Π f + ½ (mean of A + unused mass), A ← (A + p(s)) f. */
export function harmAfter(
  state: HarmState,
  minute: Pick<Minute, "candidate" | "active">,
  { tolerance, phi }: HarmTerms,
): HarmState {
  const w = partOf(minute);
  if (w === undefined) return state;
  const mass = massOf(state.minutes);
  const events = minute.candidate.events / phi;
  const all = events + minute.active.events / phi;
  const theta = (w * tolerance) / (w * tolerance + 1 - w);
  // θ(c r) / θ(r) = c / (1 + θ(r) (c - 1)), and the other slot's is 1 / (1 + θ(r) (c - 1)).
  const logF = FACTORS.map(
    (factor, at) => events * (LOG_FACTORS[at] ?? 0) - all * Math.log1p(theta * (factor - 1)),
  );
  const logMass = Math.log(mass);
  const product = state.product.map((log, at) => log + (logF[at] ?? 0));
  const onset = state.onset.map((log, at) => logAdd(log, logMass) + (logF[at] ?? 0));
  const used = state.used + mass;
  const unused = Math.log(Math.max(0, 1 - used));
  const logE = logAdd(logMean(product), logAdd(logMean(onset), unused)) - Math.LN2;
  return { product, onset, used, minutes: state.minutes + 1, logE };
}
