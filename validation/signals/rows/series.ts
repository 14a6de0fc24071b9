import type { CommandSource, Signal, UrlSource } from "../../../contract/signals/signal.ts";
import type { Slot } from "../../../contract/slot.ts";
import { iso } from "../../core/iso.ts";
import type { Count } from "../../core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../../core/signals/series.ts";
import { minutesIn, segmentNames } from "../minutes.ts";
import type { SignalQuestion } from "../question.ts";
import { emptySeries, type AskedPair } from "../sources/define.ts";
import { readRows, type SignalRow } from "./read-rows.ts";

/** The rows of a signal as counts: a minute without a row has no exposure. */
export async function seriesOfRows(
  signal: Signal,
  source: CommandSource | UrlSource,
  asked: AskedPair,
): Promise<SignalSeries> {
  // Before a release there is nothing to compare, and a warehouse is not asked for nothing.
  if (asked.sinceMs >= asked.toMs) return emptySeries(signal, undefined);
  const said = await asked.context.signalRows.read(source, questionOf(signal, asked));
  const rows = said.readable ? readRows(said.value) : said;
  if (!rows.readable) return emptySeries(signal, `${WHO[source.from]}: ${rows.why}`);
  const strange = unknownSegment(signal, rows.value);
  if (strange !== undefined) return emptySeries(signal, `${WHO[source.from]}: ${strange}`);
  const { candidate, active } = asked;
  const minutesOf = (segment: string | undefined) => {
    const [ofCandidate, ofActive] = [candidate, active].map((slot) => countsOf(rows.value, slot, segment));
    return asked.windows.flatMap(({ fromMs, toMs }) =>
      minutesIn(fromMs, toMs).flatMap((atMs): SignalMinute[] => {
        const [mine, others] = [ofCandidate?.get(atMs), ofActive?.get(atMs)];
        if (mine === undefined && others === undefined) return [];
        return [{ atMs, candidate: mine ?? NOTHING, active: others ?? NOTHING }];
      }),
    );
  };
  const history = countsOf(rows.value, active, undefined);
  const oldest = [...history.keys()].reduce((least, atMs) => Math.min(least, atMs), asked.sinceMs);
  const first = Math.max(asked.historyFromMs, oldest);
  return {
    signal,
    minutes: minutesOf(undefined),
    segments: segmentNames(signal).map((name) => ({ name, minutes: minutesOf(name) })),
    tenths: [],
    history: minutesIn(first, asked.sinceMs).map((atMs) => history.get(atMs) ?? NOTHING),
    held: undefined,
  };
}

const WHO = { command: "its command", url: "its address" } as const;
const NOTHING: Count = { exposure: 0, events: 0 };

function questionOf(
  { name }: Signal,
  { context, deployed, candidate, active, historyFromMs, toMs }: AskedPair,
): SignalQuestion {
  const about = (slot: Slot) => ({ slot, modelVersion: deployed.config.slots[slot].modelVersion });
  return {
    signal: name,
    stack: context.stack,
    model: context.model ?? context.project,
    from: iso(historyFromMs),
    to: iso(toMs),
    candidate: about(candidate),
    active: about(active),
  };
}

function unknownSegment(signal: Signal, rows: readonly SignalRow[]): string | undefined {
  const known = segmentNames(signal);
  const found = rows.find(({ segment }) => segment !== undefined && !known.includes(segment))?.segment;
  if (found === undefined) return undefined;
  return `segment is "${found}"; allowed: ${known.join(", ") || "none, because the signal has no segments"}`;
}

const countsOf = (rows: readonly SignalRow[], slot: Slot, segment: string | undefined) =>
  new Map(
    rows
      .filter((row) => row.slot === slot && row.segment === segment)
      .map(({ atMs, numerator, denominator }) => [atMs, { exposure: denominator, events: numerator }]),
  );
