import { SLOTS, type Slot } from "../../contract/slot.ts";
import type { ComparedMetric } from "../../validation/core/comparison/compare.ts";
import { pooled, type Count } from "../../validation/core/comparison/counts.ts";
import { percent } from "../../validation/core/percent.ts";

const MINUTE_MS = 60_000;
const LEVELS = "▁▂▃▄▅▆▇█";
const NOBODY = "·";
/** Two of them stand beside each other, with names and rates. */
const BESIDE = 40;
const [NARROWEST, WIDEST] = [8, 60];
/** Below it a chart would make a mountain of one failure. */
const LEAST_TOP = 0.01;

/** Failures and late answers of both slots by the minute, a line each, on one scale for both slots. */
export function charts(
  metrics: readonly ComparedMetric[],
  candidate: Slot,
  columns: number,
): readonly string[] {
  const width = Math.min(WIDEST, Math.max(NARROWEST, Math.floor((columns - BESIDE) / 2)));
  const compared = metrics.filter(
    ({ kind, minutes }) => (kind === "failed" || kind === "slow") && minutes.length > 0,
  );
  const newest = Math.max(...compared.map(({ minutes }) => minutes.at(-1)?.atMs ?? 0));
  const longest = Math.min(width, Math.max(0, ...compared.map(({ minutes }) => minutes.length)));
  const times = Array.from({ length: longest }, (_, index) => newest - (longest - 1 - index) * MINUTE_MS);
  return compared.map(({ kind, name, minutes }) => {
    const byTime = new Map(minutes.map((minute) => [minute.atMs, minute]));
    const shown = times.map((atMs) => byTime.get(atMs));
    const rates = shown.flatMap((minute) => (minute ? [rate(minute.candidate), rate(minute.active)] : []));
    const top = Math.max(LEAST_TOP, ...rates);
    const side = (slot: Slot) => {
      const counts = shown.map((minute) => (slot === candidate ? minute?.candidate : minute?.active));
      const all = pooled(counts.filter((count) => count !== undefined));
      return `${slot.padEnd(5)} ${sparkline(counts, top)} ${percent(rate(all)).padStart(6)}`;
    };
    const what = kind === "failed" ? "failed" : `late ${name.replace("slow-", "")}`;
    return `  ${what.padEnd(9)} ${SLOTS.map(side).join("   ")}`;
  });
}

const rate = ({ events, exposure }: Count) => (exposure > 0 ? events / exposure : 0);

/** A column for each minute; `·`: nobody asked, or it is not compared. */
export function sparkline(counts: readonly (Count | undefined)[], top: number): string {
  return counts
    .map((count) => {
      if (count === undefined || count.exposure <= 0) return NOBODY;
      const level = Math.ceil((rate(count) / top) * (LEVELS.length - 1));
      return LEVELS[Math.max(0, Math.min(LEVELS.length - 1, level))] ?? NOBODY;
    })
    .join("");
}
