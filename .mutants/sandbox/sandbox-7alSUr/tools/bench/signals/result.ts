import { quantile, upper95 } from "../decision/bounds.ts";
import type { SignalCell } from "./cells.ts";
import type { Outcome } from "./judge-day.ts";

/** What came out of a cell. */
export interface SignalCellResult {
  readonly cell: string;
  readonly asks: SignalCell["asks"];
  readonly runs: number;
  readonly rolledBack: number;
  /** Whether what is seen is told and decides nothing. */
  readonly isOnlyTold: boolean;
  /** Users were given back, or the release was rolled back. */
  readonly answered: number;
  readonly answeredByMinute3: number;
  /** In so many runs a signal held in the end. */
  readonly held: number;
  /** Until rolled back, or told where it is only told, in metric minutes; those never seen are later than any. */
  readonly medianMinutes: number | null;
  /** Until users were given back, or the release rolled back. */
  readonly medianAnswered: number | null;
  /** Exact 95 % bound of the part that is rolled back. */
  readonly upper95: number;
}

const STREAMS_BY_MINUTE = 3;

export function cellResult({ world, asks }: SignalCell, outcomes: readonly Outcome[]): SignalCellResult {
  const after = asks.kind === "seen" ? asks.after : 0;
  const isOnlyTold = world.signals.some(({ action }) => action === "report");
  const seenAt = ({ rolledBack, told }: Outcome) => (isOnlyTold ? Object.values(told)[0] : rolledBack);
  const median = (of: (outcome: Outcome) => number | undefined) => {
    const found = quantile(
      outcomes.map((outcome) => (of(outcome) ?? Number.POSITIVE_INFINITY) - after),
      0.5,
    );
    return Number.isFinite(found) ? found : null;
  };
  const count = (holds: (outcome: Outcome) => boolean) => outcomes.filter(holds).length;
  const rolledBack = count((one) => one.rolledBack !== undefined);
  return {
    cell: world.name,
    asks,
    runs: outcomes.length,
    rolledBack,
    isOnlyTold,
    answered: count((one) => one.answered !== undefined),
    answeredByMinute3: count((one) => (one.answered ?? Number.POSITIVE_INFINITY) <= STREAMS_BY_MINUTE),
    held: count((one) => one.held),
    medianMinutes: median(seenAt),
    medianAnswered: median(({ answered }) => answered),
    upper95: upper95(rolledBack, outcomes.length),
  };
}

/** What the bars ask for; a cell that was not run leaves `null`. */
export function summaryOf(results: readonly SignalCellResult[]) {
  const good = results.filter(({ asks }) => asks.kind === "good" && asks.isCounted);
  const worst = good.reduce<SignalCellResult | undefined>(
    (a, b) => (a === undefined || b.rolledBack / b.runs > a.rolledBack / a.runs ? b : a),
    undefined,
  );
  const inGroup = (name: string) => results.filter(({ asks }) => asks.kind === "seen" && asks.group === name);
  const medians = (name: string) =>
    Object.fromEntries(
      inGroup(name).map(({ cell, medianMinutes }) => [cell.slice(name.length + 2), medianMinutes]),
    );
  const [streams] = inGroup("streams");
  const [bad] = inGroup("labels");
  const goodLabels = good.filter(({ cell }) => cell.startsWith("labels"));
  const sum = (of: (one: SignalCellResult) => number) => goodLabels.reduce((all, one) => all + of(one), 0);
  return {
    worstFalseRollback:
      worst === undefined
        ? null
        : { cell: worst.cell, rate: worst.rolledBack / worst.runs, upper95: worst.upper95 },
    streams: streams && {
      runs: streams.runs,
      answered: streams.answeredByMinute3,
      medianMinutes: streams.medianAnswered,
    },
    labels: {
      runs: bad?.runs ?? 0,
      rolledBack: bad?.rolledBack ?? 0,
      medianMinutes: bad?.medianMinutes ?? null,
      goodRuns: sum(({ runs }) => runs),
      /** Good ones that nothing ended; where labels cannot be compared they wait for a person. */
      goodPromoted: sum(({ runs, rolledBack, held }) => runs - rolledBack - held),
      goodHeld: sum(({ held }) => held),
    },
    losses: { medianMinutes: medians("losses") },
    segments: { medianMinutes: medians("segments") },
    scores: { medianMinutes: medians("scores") },
    failures: { medianMinutes: medians("failures") },
  };
}

const percent = (part: number, of: number) => `${Number(((100 * part) / of).toPrecision(3))} %`;
const minutesOf = (minutes: number | null) => (minutes === null ? "–" : String(minutes));

/** Both tables of docs/decision.md. */
export function tableOf(results: readonly SignalCellResult[]): string {
  const good = results.filter(({ asks }) => asks.kind === "good");
  const bad = results.flatMap((one) => (one.asks.kind === "seen" ? [{ ...one, asks: one.asks }] : []));
  return [
    "| good candidates | runs | rolled back | at most | users given back | a signal holds |",
    "|---|---|---|---|---|---|",
    ...good.map(
      ({ cell, runs, rolledBack, answered, held, upper95: most }) =>
        `| ${cell} | ${runs} | ${percent(rolledBack, runs)} | ${percent(most, 1)} | ${percent(answered, runs)} | ${percent(held, runs)} |`,
    ),
    "",
    "| bad candidates | runs | seen | median minutes | until users went back | bar |",
    "|---|---|---|---|---|---|",
    ...bad.map((one) => {
      const { cell, runs, medianMinutes, medianAnswered, asks } = one;
      const bar = asks.mostMinutes === undefined ? "" : `≤ ${asks.mostMinutes}`;
      return `| ${cell} | ${runs} | ${seenOf(one, asks)} | ${minutesOf(medianMinutes)} | ${minutesOf(medianAnswered)} | ${bar} |`;
    }),
  ].join("\n");
}

function seenOf(
  { runs, rolledBack, isOnlyTold, answeredByMinute3 }: SignalCellResult,
  { group }: { readonly group: string },
): string {
  if (isOnlyTold) return "told";
  return group === "streams"
    ? `users back by minute 3 in ${percent(answeredByMinute3, runs)}`
    : `rolled back in ${percent(rolledBack, runs)}`;
}
