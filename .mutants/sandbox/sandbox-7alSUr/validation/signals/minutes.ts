import type { Signal } from "../../contract/signals/signal.ts";

const MINUTE_MS = 60_000;

/** Begins of the whole minutes between two of them, epoch ms. */
export const minutesIn = (fromMs: number, toMs: number): readonly number[] =>
  Array.from({ length: Math.max(0, (toMs - fromMs) / MINUTE_MS) }, (_, index) => fromMs + index * MINUTE_MS);

/** `country=DE`, in the order in which the signal has them. */
export const segmentNames = ({ segments }: Pick<Signal, "segments">): readonly string[] =>
  Object.entries(segments).flatMap(([name, values]) => values.map((value) => `${name}=${value}`));
