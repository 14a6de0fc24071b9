import { releaseTasksWords } from "../../validation/core/planning/release-tasks.ts";
import { money, type CostOutcome } from "../../validation/insight/cost.ts";

/** `npx bluegreen cost` as a table. A star marks a price that was not read on AWS's own page. */
export function showCost(outcome: CostOutcome): string {
  const { sentence, of, lines, mostMonthlyUsd, assumptions, prices, release } = outcome;
  const words = releaseTasksWords(release);
  const groups = [...new Set(lines.map(({ group }) => group))];
  const rows = groups.flatMap((group) => [
    group,
    ...lines
      .filter((line) => line.group === group)
      .map(({ item, quantity, per, usd, confirmed }) => {
        const amount = `${quantity.toLocaleString("en", { maximumFractionDigits: 1 })} × ${per}`;
        return `  ${item.padEnd(34)} ${usd.toFixed(2).padStart(9)}  ${amount}${confirmed ? "" : " *"}`;
      }),
  ]);
  return [
    `${sentence}; up to ${money(mostMonthlyUsd)} with the greatest number of tasks on both slots`,
    `  of ${of}`,
    "",
    ...rows,
    "",
    ...(words === undefined
      ? []
      : [`a release: ${words}: ${money(release.usd)} when each step lasts as long as its bake`, ""]),
    "assumed:",
    ...assumptions.map((one) => `  - ${one}`),
    `prices: ${prices.region}, as of ${prices.asOf}; those with * were not read on AWS's own pages`,
    "  (validation/insight/cost/prices.ts has the source and the date of each)",
  ].join("\n");
}
