import { columns } from "../../validation/report/words.ts";
import type { Sample } from "./samples.ts";
import type { End, Row, SoakState } from "./state.ts";
import { unexplainedOf } from "./users.ts";

const QUARTERS = [0, 1, 2, 3] as const;
const MIB = 1024 * 1024;
/** The last quarter of a process's memory may be so much above the second. */
const MOST_GROWTH = 0.1;

export interface Growth {
  /** `memory of cloud`, `handles of task`, `disk of releases`. */
  readonly name: string;
  /** Medians of the quarters; of disk what was there at their ends. MiB, or handles. */
  readonly quarters: readonly (number | undefined)[];
}

export interface Summary {
  readonly releases: number;
  readonly ends: Readonly<Partial<Record<End, number>>>;
  readonly retreats: number;
  /** A model was promoted whose fault is detectable in the time given. */
  readonly wrongPromotions: readonly Row[];
  /** A good model was rolled back. */
  readonly wrongRollbacks: readonly Row[];
  readonly requests: number;
  /** By the explanation. */
  readonly failed: Readonly<Record<string, number>>;
  readonly unexplained: number;
  readonly incidents: Readonly<Record<string, number>>;
  readonly growths: readonly Growth[];
  /** Processes whose memory grew. */
  readonly grew: readonly string[];
  readonly virtualMinutes: number;
}

export function summaryOf(state: SoakState): Summary {
  const { rows, tallies, samples, incidents, minutes } = state;
  const growths = growthsOf(samples);
  const each = Object.values(tallies);
  return {
    releases: rows.length,
    ends: Object.fromEntries(
      (["promoted", "rolledBack", "held", "refused", "error"] as const).map((end) => [
        end,
        rows.filter((row) => row.end === end).length,
      ]),
    ),
    retreats: rows.reduce((sum, { retreats }) => sum + retreats, 0),
    wrongPromotions: rows.filter((row) => row.end === "promoted" && row.detectableBy !== undefined),
    wrongRollbacks: rows.filter((row) => row.end === "rolledBack" && row.isGood),
    requests: each.reduce((sum, { requests }) => sum + requests, 0),
    failed: sumOf(each.map(({ failed }) => failed)),
    unexplained: each.reduce((sum, tally) => sum + unexplainedOf(tally), 0),
    incidents,
    growths,
    grew: growths.filter(isGrowing).map(({ name }) => name),
    virtualMinutes: Math.round(minutes),
  };
}

const isGrowing = ({ name, quarters: [, second, , last] }: Growth) =>
  name.startsWith("memory") &&
  second !== undefined &&
  last !== undefined &&
  last > second * (1 + MOST_GROWTH);

export const holds = ({ wrongPromotions, unexplained, grew, releases, ends }: Summary): boolean =>
  releases > 0 &&
  // What came to no end was not judged.
  (ends.error ?? 0) === 0 &&
  wrongPromotions.length === 0 &&
  unexplained === 0 &&
  grew.length === 0;

function sumOf(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one)))
    sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** By quarters of the time that the samples span. */
export function growthsOf(samples: readonly Sample[]): readonly Growth[] {
  const first = samples[0]?.minute ?? 0;
  const span = Math.max((samples.at(-1)?.minute ?? 0) - first, 1e-9);
  const byQuarter = QUARTERS.map((quarter) =>
    samples.filter(({ minute }) => Math.min(3, Math.floor(((minute - first) / span) * 4)) === quarter),
  );
  const names = [
    ...new Set(samples.flatMap(({ processes }) => processes.map(({ name }) => name))),
  ].toSorted();
  const folders = [...new Set(samples.flatMap(({ disk }) => Object.keys(disk)))].toSorted();
  const ofProcess = (name: string, value: (one: Sample["processes"][number]) => number) =>
    byQuarter.map((quarter) =>
      median(quarter.flatMap(({ processes }) => processes.filter((one) => one.name === name).map(value))),
    );
  return [
    ...names.map((name) => ({
      name: `memory of ${name}`,
      quarters: ofProcess(name, ({ rssBytes }) => rssBytes / MIB),
    })),
    ...names.map((name) => ({
      name: `handles of ${name}`,
      quarters: ofProcess(name, ({ handles }) => handles),
    })),
    ...folders.map((folder) => ({
      name: `disk of ${folder}`,
      quarters: byQuarter.map((quarter) => {
        const bytes = quarter.at(-1)?.disk[folder];
        return bytes === undefined ? undefined : bytes / MIB;
      }),
    })),
  ];
}

export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function renderTable(summary: Summary): string {
  const { releases, ends, retreats, wrongPromotions, wrongRollbacks, requests, failed, incidents } = summary;
  const shown = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(1));
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of).map(([name, count]) => `  ${name}: ${count}`);
  return [
    `${releases} releases in ${summary.virtualMinutes} virtual minutes: ${Object.entries(ends)
      .map(([end, count]) => `${end} ${count}`)
      .join(", ")}; retreats ${retreats}`,
    `wrong promotions: ${wrongPromotions.length}`,
    ...wrongPromotions.map(({ version, fault, detectableBy }) => `  ${version} (${fault}): ${detectableBy}`),
    `good models rolled back: ${wrongRollbacks.length}`,
    ...wrongRollbacks.map(
      ({ version, sentence, disturbedBy }) => `  ${version}: ${sentence} [${disturbedBy.join(", ")}]`,
    ),
    `requests: ${requests}, failed:`,
    ...counts(failed),
    "planned faults:",
    ...counts(incidents),
    "by quarters of the time (MiB, handles):",
    ...columns(
      [
        ["", "1", "2", "3", "4"],
        ...summary.growths.map(({ name, quarters }) => [name, ...quarters.map(shown)]),
      ],
      "  ",
    ),
    holds(summary)
      ? "the bars hold"
      : `the bars do not hold${(ends.error ?? 0) === 0 ? "" : "; releases came to no end"}${summary.grew.map((name) => `; grew: ${name}`).join("")}`,
  ].join("\n");
}
