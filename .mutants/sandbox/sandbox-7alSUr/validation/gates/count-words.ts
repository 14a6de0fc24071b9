import type { Slot } from "../../contract/slot.ts";
import type { MetricComparison } from "../core/comparison/compare.ts";
import type { Count, PairedTotal } from "../core/comparison/counts.ts";
import type { SlowThreshold } from "../core/comparison/data.ts";
import { percent } from "../core/percent.ts";

/**
 * "failed: 24 of 120 requests (20 %), 6 of 1080 requests (0.56 %) on blue"; of a segment that says most also how it is over
 * all: "wrong in country=DE: 24 of 470 labels (5.1 %), 21 of 4200 labels (0.5 %) on blue; 1 % and 0.6 % over all".
 */
export function countsSentence(
  metric: Pick<MetricComparison, "name" | "total" | "exposure" | "signal">,
  active: Slot,
  slowThresholds: readonly SlowThreshold[] = [],
): string {
  const { name, total, exposure, signal } = metric;
  const slow = slowThresholds.find(({ quantile }) => name === `slow-p${quantile * 100}`);
  const later = slow === undefined ? "" : ` (later than ${Math.round(slow.seconds * 1000)} ms on ${active})`;
  const both = (of: PairedTotal) =>
    `${amount(of.candidate, metric)}, ${amount(of.active, metric)} on ${active}`;
  const part = signal?.part;
  if (part === undefined) return `${name}${later}: ${both(total)}`;
  if (signal?.definition.kind === "scores") {
    return `${name} in ${part.name} of ${active}'s ${exposure}: ${both(total)}`;
  }
  return `${name} in ${part.name}: ${both(part.total)}; ${share(total.candidate)} and ${share(total.active)} over all`;
}

/** "24 of 120 requests (20 %)"; of losses "0.21 over 470 labels". */
export function amount(
  { events, exposure: among }: Count,
  { exposure, signal }: Pick<MetricComparison, "exposure" | "signal">,
): string {
  const unit = exposure === "" ? "" : ` ${exposure}`;
  if (signal?.definition.kind === "losses") {
    const mean = among === 0 ? 0 : events / among;
    return `a mean of ${Number(mean.toPrecision(2))} over ${Math.round(among)}${unit}`;
  }
  return `${Math.round(events)} of ${Math.round(among)}${unit} (${share({ events, exposure: among })})`;
}

const share = ({ events, exposure }: Count) => percent(exposure === 0 ? 0 : events / exposure);
