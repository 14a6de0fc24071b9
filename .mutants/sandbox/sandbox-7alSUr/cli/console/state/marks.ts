import type { Release } from "../../../contract/release/release.ts";
import type { ToldEntry } from "./journal.ts";

/** What happened at a moment, drawn into the charts. */
export interface ChartMark {
  /** Epoch seconds of the cloud's clock. */
  readonly seconds: number;
  readonly kind: "step" | "retreat" | "rollback" | "promoted" | "verdict";
  readonly words: string;
}

/**
 * From the release itself, and from its journal where this machine has one; each moment once, oldest first. A release
 * remembers its last step, its retreats and its end alone.
 */
export function marksOf(release: Release | undefined, journal: readonly ToldEntry[]): readonly ChartMark[] {
  const told = journal.flatMap(({ at, kind, verdict, sentence }) => {
    const mark = kindOf(kind, verdict);
    return mark === undefined ? [] : [{ seconds: Date.parse(at) / 1000, kind: mark, words: sentence }];
  });
  const all = [...told, ...(release === undefined ? [] : ownMarks(release))];
  const isKnown = (mark: ChartMark, index: number) =>
    all.findIndex(({ kind, seconds }) => kind === mark.kind && Math.abs(seconds - mark.seconds) < 60) < index;
  return all
    .filter((mark, index) => Number.isFinite(mark.seconds) && !isKnown(mark, index))
    .sort((a, b) => a.seconds - b.seconds);
}

function ownMarks({ compared, retreats, state, stepSince, weight, reason }: Release): readonly ChartMark[] {
  const at = (time: string) => Date.parse(time) / 1000;
  const begins = (compared?.windows ?? []).map(({ from }): ChartMark => ({
    seconds: at(from),
    kind: "step",
    words: "both slots have users",
  }));
  const back = retreats.map((one): ChartMark => ({
    seconds: at(one.at),
    kind: "retreat",
    words: `gave its ${one.from} % back: ${one.reason}`,
  }));
  const last: Readonly<Record<Release["state"], readonly ChartMark[]>> = {
    deployed: [],
    running: weight === 0 ? [] : [{ seconds: at(stepSince), kind: "step", words: `${weight} %` }],
    paused: [{ seconds: at(stepSince), kind: "step", words: `${weight} %` }],
    promoted: [{ seconds: at(stepSince), kind: "promoted", words: reason === "" ? "promoted" : reason }],
    rolledBack: [{ seconds: at(stepSince), kind: "rollback", words: reason === "" ? "rolled back" : reason }],
  };
  return [...begins, ...back, ...last[state]];
}

/** A verdict that only waits is none that is drawn. */
function kindOf(kind: string, verdict: string | undefined): ChartMark["kind"] | undefined {
  if (kind === "look") return verdict === "hold" || verdict === "insufficient" ? undefined : "verdict";
  if (kind === "seal") return verdict === "promoted" ? "promoted" : "rollback";
  if (kind !== "event") return undefined;
  const known = {
    shifted: "step",
    retreat: "retreat",
    reverted: "rollback",
    rolledBack: "rollback",
  } as const;
  return Object.entries(known).find(([event]) => event === verdict)?.[1];
}
