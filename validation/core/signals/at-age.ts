import { totalOf, type Count, type PairedMinute } from "../comparison/counts.ts";
import { labelledAlike } from "./labelled-alike.ts";
import type { SignalMinute } from "./series.ts";

/** What became of the predictions that one slot made in one minute. */
export interface PredictionMinute {
  /** Begin of the minute in which the predictions were made, epoch ms. */
  readonly atMs: number;
  readonly predictions: number;
  /** Of these, with a label that came within `labelAfterMinutes` after the minute ended. */
  readonly labelled: number;
  /** Of the labelled: those that were wrong, or the sum of their losses. */
  readonly wrong: number;
}

export interface AtAgeSettings {
  readonly labelAfterMinutes: number;
  readonly nowMs: number;
  /** The labels are of this segment alone, the predictions of all; of how many segments it is one. undefined: of all. */
  readonly segment?: { readonly name: string; readonly among: number };
}

export interface LabelsAtAge {
  /** Wrong of labelled; `atMs` is the minute of the prediction and the declared delay after it. */
  readonly minutes: readonly SignalMinute[];
  /** Why labels prove nothing now; undefined: they do. */
  readonly held: string | undefined;
  /** Why there is nothing to compare yet; undefined: there is. */
  readonly note: string | undefined;
}

const MINUTE_MS = 60_000;

/**
 * Labels compared by the minute of the prediction, all of them at the same age. Who is wrong is often told sooner than
 * who is right, so labels that are counted as they come accuse the model that answered later. A minute counts when its
 * labels have had their time, with those that came by then. It cannot help where the slots' answers are labelled more or
 * less often by themselves: then it holds.
 */
export function atAge(
  slots: {
    readonly candidate: readonly PredictionMinute[];
    readonly active: readonly PredictionMinute[];
  },
  { labelAfterMinutes, nowMs, segment }: AtAgeSettings,
): LabelsAtAge {
  const isOld = ({ atMs }: PredictionMinute) => atMs + (1 + labelAfterMinutes) * MINUTE_MS <= nowMs;
  const byMinute = (rows: readonly PredictionMinute[]) =>
    new Map(rows.filter(isOld).map((row) => [row.atMs, row]));
  const [candidates, actives] = [byMinute(slots.candidate), byMinute(slots.active)];
  const times = [...new Set([...candidates.keys(), ...actives.keys()])].toSorted((a, b) => a - b);
  const paired = (of: (row: PredictionMinute | undefined) => Count) =>
    times.map((atMs) => ({ candidate: of(candidates.get(atMs)), active: of(actives.get(atMs)) }));
  const wrong = paired((row) => ({ exposure: row?.labelled ?? 0, events: row?.wrong ?? 0 }));
  const labelled = paired((row) => ({ exposure: row?.predictions ?? 0, events: row?.labelled ?? 0 }));
  const compared = asIfAlike(wrong, labelled);
  const held = heldBy(labelled, segment);
  return {
    minutes: compared.map((minute, index) => ({
      atMs: (times[index] ?? 0) + labelAfterMinutes * MINUTE_MS,
      ...minute,
    })),
    held,
    note: held === undefined ? nothingYet(labelled, labelAfterMinutes) : undefined,
  };
}

function nothingYet(labelled: readonly PairedMinute[], labelAfterMinutes: number): string | undefined {
  const { candidate, active } = totalOf(labelled);
  if (candidate.events + active.events > 0) return undefined;
  const predictions = candidate.exposure + active.exposure;
  return predictions === 0
    ? `no label is old enough so far: they count ${labelAfterMinutes} minutes after the answer`
    : `no label for the ${predictions} predictions that are old enough so far`;
}

/** Labelled parts that differ by less are no matter: until it holds, no signal is that fast. */
const ALIKE = 1.25;

/**
 * To see that labels are missing takes some minutes, and in these they would accuse: of the wrong answers alone all are
 * wrong. So while the candidate's answers are labelled much less often than the active slot's, as many of those without
 * a label count as right as there would be labels.
 */
function asIfAlike(
  wrong: readonly PairedMinute[],
  labelled: readonly PairedMinute[],
): readonly PairedMinute[] {
  const sums = { candidate: { exposure: 0, events: 0 }, active: { exposure: 0, events: 0 } };
  const add = (sum: { exposure: number; events: number }, { exposure, events }: Count) => {
    sum.exposure += exposure;
    sum.events += events;
  };
  return wrong.map(({ candidate, active }, index) => {
    const minute = labelled[index];
    if (minute === undefined || minute.candidate.exposure === 0) return { candidate, active };
    add(sums.candidate, minute.candidate);
    add(sums.active, minute.active);
    const usual = sums.active.exposure === 0 ? 0 : sums.active.events / sums.active.exposure;
    if (usual * sums.candidate.exposure <= ALIKE * sums.candidate.events) return { candidate, active };
    const exposure = Math.max(candidate.exposure, usual * minute.candidate.exposure);
    return { candidate: { exposure, events: candidate.events }, active };
  });
}

/** After so many minutes in which both slots have answered, it is no chance that nobody has labelled anything. */
const SILENT_MINUTES = 60;

function heldBy(labelled: readonly PairedMinute[], segment: AtAgeSettings["segment"]): string | undefined {
  const { candidate, active, informativeMinutes } = totalOf(labelled);
  for (const { events, exposure } of [candidate, active]) {
    if (events > exposure) return `more labels (${events}) than predictions (${exposure})`;
  }
  // A segment may be rare.
  const isSilent = candidate.events + active.events === 0 && informativeMinutes >= SILENT_MINUTES;
  if (isSilent && segment === undefined) {
    return `no label for ${candidate.exposure + active.exposure} predictions that are old enough: npx bluegreen feedback`;
  }
  if (labelledAlike(labelled, segment?.among)) return undefined;
  const label = segment === undefined ? "a label" : `a label of ${segment.name}`;
  return `${shareOf(candidate)} of the candidate's predictions have ${label}, ${shareOf(active)} of the active slot's: with so different shares nobody can tell which model is wrong more often`;
}

const shareOf = ({ exposure, events }: Count) =>
  `${Number((exposure === 0 ? 0 : (100 * events) / exposure).toPrecision(2))} %`;
