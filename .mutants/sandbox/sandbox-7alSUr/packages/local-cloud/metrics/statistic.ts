import type { Distribution, Sorted } from "./distribution.ts";
import { sortedValues } from "./distribution.ts";

/**
 * A CloudWatch statistic, parsed. Grammar and meaning: CloudWatch User Guide, "CloudWatch statistics definitions".
 * A range has an exclusive lower and an inclusive upper boundary.
 */
export type Statistic =
  | { readonly kind: "simple"; readonly name: SimpleStatistic }
  | { readonly kind: "percentile"; readonly percent: number }
  | { readonly kind: "trimmed"; readonly of: "TM" | "TC" | "TS" | "PR"; readonly range: Range };

export type SimpleStatistic = keyof typeof SIMPLE;

interface Range {
  readonly unit: "value" | "percent";
  readonly above: number | undefined;
  readonly upTo: number | undefined;
}

const SIMPLE = {
  SampleCount: (of: Distribution) => of.count,
  Sum: (of: Distribution) => of.sum,
  Average: (of: Distribution) => of.sum / of.count,
  Minimum: (of: Distribution) => of.minimum,
  Maximum: (of: Distribution) => of.maximum,
};

// CloudWatch: boundaries and percentiles have up to ten decimal places.
const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
const PERCENTILE = new RegExp(`^p(${NUMBER})$`);
const SHORT_TRIMMED = new RegExp(`^(tm|tc|ts)(${NUMBER})$`);
const TRIMMED = new RegExp(`^(TM|TC|TS|PR)\\((?:(${NUMBER})(%)?)?:(?:(${NUMBER})(%)?)?\\)$`);

/** The statistic that a text such as `Sum`, `p99.9` or `TC(0.5:)` names; undefined when it names none. */
export function parseStatistic(text: string): Statistic | undefined {
  if (isSimpleStatistic(text)) return { kind: "simple", name: text };
  return parsePercentile(text) ?? parseShortTrimmed(text) ?? parseTrimmed(text);
}

export function isSimpleStatistic(text: string): text is SimpleStatistic {
  return Object.hasOwn(SIMPLE, text);
}

/** Statistics that exist on AWS and that the local cloud does not compute; they are refused by this name. */
export function isUnsupportedStatistic(text: string): boolean {
  return /^(IQM|wm\d|WM\()/.test(text);
}

/** The statistic's value; undefined (no data point) when these data cannot give it. */
export function compute(statistic: Statistic, of: Distribution): number | undefined {
  if (of.count === 0) return undefined;
  if (statistic.kind === "simple") return SIMPLE[statistic.name](of);
  const sorted = sortedValues(of);
  if (sorted === undefined) return undefined;
  if (statistic.kind === "percentile") return percentile(sorted, of, statistic.percent);
  return trimmed(statistic.of, inRange(sorted, of.count, statistic.range), of.count);
}

function parsePercentile(text: string): Statistic | undefined {
  const percent = Number(PERCENTILE.exec(text)?.[1] ?? Number.NaN);
  return percent <= 100 ? { kind: "percentile", percent } : undefined;
}

function parseShortTrimmed(text: string): Statistic | undefined {
  const match = SHORT_TRIMMED.exec(text);
  const upTo = Number(match?.[2] ?? Number.NaN);
  const of = TRIMMED_KINDS[match?.[1]?.toUpperCase() ?? ""];
  if (of === undefined || !(upTo <= 100)) return undefined;
  return { kind: "trimmed", of, range: { unit: "percent", above: undefined, upTo } };
}

const TRIMMED_KINDS: Readonly<Record<string, "TM" | "TC" | "TS" | "PR">> = {
  TM: "TM",
  TC: "TC",
  TS: "TS",
  PR: "PR",
};

function parseTrimmed(text: string): Statistic | undefined {
  const [, name, low, lowPercent, high, highPercent] = TRIMMED.exec(text) ?? [];
  const of = TRIMMED_KINDS[name ?? ""];
  if (of === undefined || (low === undefined && high === undefined)) return undefined;
  const percents = [low && lowPercent, high && highPercent].filter((mark) => mark === "%").length;
  const bounds = [low, high].filter((bound) => bound !== undefined).length;
  if (percents !== 0 && (percents !== bounds || of === "PR")) return undefined;
  const above = low === undefined ? undefined : Number(low);
  const upTo = high === undefined ? undefined : Number(high);
  if ((above ?? 0) > (upTo ?? Infinity)) return undefined;
  if (percents > 0 && (above ?? upTo ?? 0) > 100) return undefined;
  return { kind: "trimmed", of, range: { unit: percents > 0 ? "percent" : "value", above, upTo } };
}

/** Nearest rank. How CloudWatch interpolates is not published; this is the local cloud's choice. */
function percentile(sorted: Sorted, of: Distribution, percent: number): number {
  const rank = Math.max(1, Math.ceil(shareOf(percent, of.count)));
  let seen = 0;
  for (let i = 0; i < sorted.values.length; i++) {
    seen += sorted.counts[i] ?? 0;
    if (seen >= rank) return Math.min(of.maximum, Math.max(of.minimum, sorted.values[i] ?? of.maximum));
  }
  return of.maximum;
}

/** So many percent of a count, without the noise of binary fractions, which would move a rank by one. */
function shareOf(percent: number, count: number): number {
  return Number(((percent * count) / 100).toFixed(6));
}

interface Selected {
  readonly count: number;
  readonly sum: number;
}

function inRange(sorted: Sorted, total: number, range: Range): Selected {
  const above = range.above ?? -Infinity;
  const upTo = range.upTo ?? Infinity;
  let count = 0;
  let sum = 0;
  let rank = 0;
  sorted.values.forEach((value, i) => {
    const occurrences = sorted.counts[i] ?? 0;
    const from = range.unit === "percent" ? shareOf(above, total) : above;
    const to = range.unit === "percent" ? shareOf(upTo, total) : upTo;
    const taken =
      range.unit === "value"
        ? value > from && value <= to
          ? occurrences
          : 0
        : Math.max(0, Math.min(rank + occurrences, Math.floor(to)) - Math.max(rank, Math.ceil(from)));
    rank += occurrences;
    count += taken;
    sum += taken * value;
  });
  return { count, sum };
}

function trimmed(of: "TM" | "TC" | "TS" | "PR", selected: Selected, total: number): number | undefined {
  const results = {
    // The mean of nothing is no data point; a count, sum or rank of nothing is the value 0.
    TM: () => (selected.count === 0 ? undefined : selected.sum / selected.count),
    TC: () => selected.count,
    TS: () => selected.sum,
    PR: () => (100 * selected.count) / total,
  };
  return results[of]();
}
