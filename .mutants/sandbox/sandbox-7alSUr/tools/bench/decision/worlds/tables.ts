import { WORLD_CASES, type WorldBars } from "./cases.ts";
import type { WorldResult } from "./result.ts";

/** A column of the table: what it says, and whether the case's bar is met. */
interface Column {
  readonly head: string;
  readonly value: (result: WorldResult) => number | null;
  readonly words: (value: number) => string;
  /** The bar, if the case has one. */
  readonly most?: (bars: WorldBars) => number | undefined;
  readonly least?: (bars: WorldBars) => number | undefined;
}

const percent = (part: number) => `${Number((100 * part).toFixed(2))} %`;
const whole = (value: number) => String(Math.round(value));

const COLUMNS: readonly Column[] = [
  {
    head: "rolled back",
    value: ({ goodRolledBack }) => goodRolledBack,
    words: percent,
    most: ({ goodRolledBack }) => goodRolledBack,
  },
  {
    head: "at most",
    value: ({ goodRolledBackUpper95 }) => goodRolledBackUpper95,
    words: percent,
    most: ({ goodRolledBackUpper95 }) => goodRolledBackUpper95,
  },
  {
    head: "retreated",
    value: ({ goodRetreated }) => goodRetreated,
    words: percent,
    most: ({ goodRetreated }) => goodRetreated,
  },
  {
    head: "either",
    value: ({ goodAnswered }) => goodAnswered,
    words: percent,
    most: ({ goodAnswered }) => goodAnswered,
  },
  {
    head: "promoted",
    value: ({ goodPromoted }) => goodPromoted,
    words: percent,
    least: ({ goodPromotedAtLeast }) => goodPromotedAtLeast,
  },
  {
    head: "minutes",
    value: ({ medianMinutes }) => medianMinutes,
    words: whole,
    most: ({ medianMinutes }) => medianMinutes,
  },
  {
    head: "bad: promoted",
    value: ({ badPromoted }) => badPromoted,
    words: percent,
    most: ({ badPromoted }) => badPromoted,
  },
  {
    head: "failed until users went back",
    value: ({ medianFailedToRetreat }) => medianFailedToRetreat,
    words: whole,
    most: ({ medianFailedToRetreat }) => medianFailedToRetreat,
  },
  {
    head: "until the end",
    value: ({ medianFailedToEnd }) => medianFailedToEnd,
    words: whole,
    most: ({ medianFailedToEnd }) => medianFailedToEnd,
  },
  {
    head: "back by minute 3",
    value: ({ badBy3 }) => badBy3,
    words: percent,
    least: ({ badBy3AtLeast }) => badBy3AtLeast,
  },
  {
    head: "by minute 6",
    value: ({ badBy6 }) => badBy6,
    words: percent,
    least: ({ badBy6AtLeast }) => badBy6AtLeast,
  },
];

/** One row a world; where its bar is missed, `missed` says so with the bar. */
export function worldRows(
  worlds: readonly WorldResult[],
  missed: (bar: string) => string,
): readonly (readonly string[])[] {
  const barsOf = (name: string) => WORLD_CASES.find((one) => one.name === name)?.bars ?? {};
  return [
    ["world", "runs", ...COLUMNS.map(({ head }) => head)],
    ...worlds.map((result) => [
      result.name,
      [result.goodRuns, result.badRuns].filter((runs) => runs > 0).join(" + "),
      ...COLUMNS.map((column) => cellOf(column, result, barsOf(result.name), missed)),
    ]),
  ];
}

function cellOf(
  { value: of, words, most, least }: Column,
  result: WorldResult,
  bars: WorldBars,
  missed: (bar: string) => string,
): string {
  const value = of(result);
  if (value === null) return "";
  const [high, low] = [most?.(bars), least?.(bars)];
  if (high !== undefined && value > high) return `${words(value)} ${missed(`≤ ${words(high)}`)}`;
  if (low !== undefined && value < low) return `${words(value)} ${missed(`≥ ${words(low)}`)}`;
  return words(value);
}
