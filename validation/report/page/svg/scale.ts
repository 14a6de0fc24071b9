/** Where a value is drawn, and which values have a line of the grid. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From 0 to a round number at or above `max`; `from` and `to` are pixels. */
export function linear(max: number, from: number, to: number, most = Number.POSITIVE_INFINITY): Scale {
  const step = niceStep(max);
  const top = Math.min(most, Math.ceil(max / step - 1e-9) * step);
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, at) => at * step);
  return { at: (value) => from + (Math.min(value, top) / top) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten, so that a chart has three to six lines. */
function niceStep(max: number): number {
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = [1, 2, 5].find((one) => one * power >= rough - 1e-12) ?? 10;
  return digit * power;
}

/** Powers of ten, both ends included; what lies outside is drawn at the edge. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(Math.ceil(Math.log10(high) - 1e-9), first + 1);
  const span = last - first;
  const every = Math.max(1, Math.ceil(span / 6));
  const ticks = Array.from({ length: Math.floor(span / every) + 1 }, (_, at) => 10 ** (first + at * every));
  const log = (value: number) => Math.min(last, Math.max(first, Math.log10(Math.max(value, 1e-300))));
  return { at: (value) => from + ((log(value) - first) / span) * (to - from), ticks };
}

const WEEK_MIN = 10_080;
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880];
const MINUTE_MS = 60_000;

/** Moments on round minutes, at most seven of them. */
export function times(fromMs: number, toMs: number, from: number, to: number): Scale {
  const span = Math.max(MINUTE_MS, toMs - fromMs);
  const weeks = Math.ceil(span / (6 * WEEK_MIN * MINUTE_MS));
  const minutes = STEPS_MIN.find((one) => span / (one * MINUTE_MS) <= 6) ?? weeks * WEEK_MIN;
  const step = minutes * MINUTE_MS;
  const first = Math.ceil(fromMs / step) * step;
  const count = Math.max(0, Math.floor((fromMs + span - first) / step) + 1);
  return {
    at: (ms) => from + (Math.min(Math.max(ms - fromMs, 0), span) / span) * (to - from),
    ticks: Array.from({ length: count }, (_, at) => first + at * step),
  };
}
