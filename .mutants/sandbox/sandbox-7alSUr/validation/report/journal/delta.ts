import { iso } from "../../core/iso.ts";
import {
  columnsRecord,
  minutesOf,
  type CountsRecord,
  type PartRecord,
} from "../../core/comparison/record.ts";
import type { TimedMinute } from "../../core/comparison/compared.ts";
import type { CountsDelta, MinutesDelta } from "./entry.ts";

type Columns = Omit<PartRecord, "name">;
type Minutes = ReadonlyMap<number, TimedMinute>;

/** What differs in `now`. A whole day of counts in each look would make a journal that grows with the square of time. */
export const deltaOf = (
  before: readonly CountsRecord[],
  now: readonly CountsRecord[],
): readonly CountsDelta[] => eachOf(before, now, minutesDelta);

/** The counts after a look, from those before it: the inverse of `deltaOf`. */
export const folded = (
  before: readonly CountsRecord[],
  deltas: readonly CountsDelta[],
): readonly CountsRecord[] => eachOf(before, deltas, minutesAfter);

/** The metrics of `all` and their parts, each with its minutes as `made` from those before and its own. */
function eachOf<M extends Columns>(
  before: readonly CountsRecord[],
  all: readonly CountsDelta[],
  made: (before: Columns | undefined, own: MinutesDelta) => M,
) {
  return all.map(({ name, kind, dispersion, signal, ...minutes }) => {
    const known = before.find((one) => one.name === name);
    const partOf = (wanted: string) => known?.signal?.parts.find((one) => one.name === wanted);
    const parts = signal?.parts.map(({ name: part, ...own }) => ({ name: part, ...made(partOf(part), own) }));
    return {
      name,
      kind,
      dispersion,
      ...made(known, minutes),
      ...(signal === undefined || parts === undefined
        ? {}
        : { signal: { definition: signal.definition, held: signal.held, parts } }),
    };
  });
}

function minutesDelta(before: Columns | undefined, now: Columns): MinutesDelta {
  const [was, is] = [byBegin(before), byBegin(now)];
  const news = [...is.values()].filter((minute) => !isSame(was.get(minute.atMs), minute));
  const gone = [...was.keys()].filter((atMs) => !is.has(atMs)).map(iso);
  return { ...columnsRecord(news), ...(gone.length === 0 ? {} : { gone }) };
}

function minutesAfter(before: Columns | undefined, { gone = [], ...news }: MinutesDelta): Columns {
  const all = new Map([...byBegin(before), ...byBegin(news)]);
  for (const time of gone) all.delete(Date.parse(time));
  return columnsRecord([...all.values()].toSorted((a, b) => a.atMs - b.atMs));
}

const byBegin = (columns: Columns | undefined): Minutes =>
  new Map(columns === undefined ? [] : minutesOf(columns).map((minute) => [minute.atMs, minute]));

const isSame = (a: TimedMinute | undefined, b: TimedMinute) =>
  a !== undefined &&
  (["candidate", "active"] as const).every(
    (arm) => a[arm].exposure === b[arm].exposure && a[arm].events === b[arm].events,
  );
