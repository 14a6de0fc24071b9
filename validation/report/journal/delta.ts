import { iso } from "../../core/iso.ts";
import type { CountsRecord, PartRecord } from "../../core/comparison/record.ts";
import type { CountsDelta, MinutesDelta } from "./entry.ts";

const MINUTE_MS = 60_000;

type Columns = Omit<PartRecord, "name">;
/** Requests and events of the candidate, then of the active slot. */
type Row = readonly [number, number, number, number];
type Rows = ReadonlyMap<number, Row>;

/** What differs in `now`. A whole day of counts in each look would make a journal that grows with the square of time. */
export const deltaOf = (
  before: readonly CountsRecord[],
  now: readonly CountsRecord[],
): readonly CountsDelta[] =>
  now.map(({ name, kind, dispersion, signal, ...minutes }) => {
    const known = before.find((one) => one.name === name);
    return {
      name,
      kind,
      dispersion,
      ...minutesDelta(known, minutes),
      ...(signal === undefined
        ? {}
        : {
            signal: {
              definition: signal.definition,
              held: signal.held,
              parts: signal.parts.map((part) => ({
                name: part.name,
                ...minutesDelta(
                  known?.signal?.parts.find((one) => one.name === part.name),
                  part,
                ),
              })),
            },
          }),
    };
  });

/** The counts after a look, from those before it: the inverse of `deltaOf`. */
export const folded = (
  before: readonly CountsRecord[],
  deltas: readonly CountsDelta[],
): readonly CountsRecord[] =>
  deltas.map(({ name, kind, dispersion, signal, ...delta }) => {
    const known = before.find((one) => one.name === name);
    return {
      name,
      kind,
      dispersion,
      ...minutesAfter(known, delta),
      ...(signal === undefined
        ? {}
        : {
            signal: {
              ...signal,
              parts: signal.parts.map((part) => ({
                name: part.name,
                ...minutesAfter(
                  known?.signal?.parts.find((one) => one.name === part.name),
                  part,
                ),
              })),
            },
          }),
    };
  });

function minutesDelta(before: Columns | undefined, now: Columns): MinutesDelta {
  const [was, is] = [rowsOf(before), rowsOf(now)];
  const news = new Map([...is].filter(([atMs, row]) => !isSame(was.get(atMs), row)));
  const gone = [...was.keys()].filter((atMs) => !is.has(atMs)).map(iso);
  return { ...columnsOf(news), ...(gone.length === 0 ? {} : { gone }) };
}

function minutesAfter(before: Columns | undefined, { gone = [], ...news }: MinutesDelta): Columns {
  const all = new Map([...rowsOf(before), ...rowsOf(news)]);
  for (const time of gone) all.delete(Date.parse(time));
  return columnsOf(new Map([...all].toSorted(([a], [b]) => a - b)));
}

const isSame = (a: Row | undefined, b: Row) => a !== undefined && a.every((value, at) => value === b[at]);

function rowsOf(columns: Columns | undefined): Rows {
  if (columns === undefined) return new Map();
  const { from, minutes, candidate, active } = columns;
  const fromMs = Date.parse(from ?? "");
  const at = (column: readonly number[], index: number) => column[index] ?? Number.NaN;
  return new Map(
    minutes.map((offset, index) => [
      fromMs + offset * MINUTE_MS,
      [
        at(candidate.requests, index),
        at(candidate.events, index),
        at(active.requests, index),
        at(active.events, index),
      ],
    ]),
  );
}

function columnsOf(rows: Rows): Columns {
  const [fromMs] = rows.keys();
  const all = [...rows.values()];
  return {
    from: fromMs === undefined ? undefined : iso(fromMs),
    minutes: [...rows.keys()].map((atMs) => (atMs - (fromMs ?? 0)) / MINUTE_MS),
    candidate: { requests: all.map(([requests]) => requests), events: all.map(([, events]) => events) },
    active: { requests: all.map(([, , requests]) => requests), events: all.map(([, , , events]) => events) },
  };
}
