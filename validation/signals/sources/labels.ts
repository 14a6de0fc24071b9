import type { LabelSource, Signal } from "../../../contract/signals/signal.ts";
import { SLOTS, type PerSlot, type Slot } from "../../../contract/slot.ts";
import { atAge } from "../../core/signals/at-age.ts";
import { placeOf } from "../../rollout/place.ts";
import { labelMinutes, type Taken } from "../ledger/label-minutes.ts";
import { openLedger, type LabelEntry } from "../ledger/ledger.ts";
import { defineSignalSource, type AskedPair } from "./define.ts";

/** What `feedback` was told, by the minute of the prediction, when it had the declared age. */
export const definition = defineSignalSource({
  from: "labels",
  async series(signal, source, asked) {
    const read = await readOnce(asked);
    const nowMs = asked.context.clock.now();
    const settings = { labelAfterMinutes: source.labelAfterMinutes, nowMs };
    const paired = (segment?: Taken["segment"]) => {
      const of = (slot: Slot) => ofPair(read, slot, takenOf(signal, source, segment), asked);
      return { candidate: of(asked.candidate), active: of(asked.active) };
    };
    const { minutes, held, note } = atAge(paired(), settings);
    const values = Object.entries(signal.segments).flatMap(([key, all]) =>
      all.map((value) => ({ key, value })),
    );
    const segments = values.map((one) => {
      const segment = { name: `${one.key}=${one.value}`, among: values.length };
      return { name: segment.name, ...atAge(paired(one), { ...settings, segment }) };
    });
    return {
      signal,
      minutes,
      segments: segments.map(({ name, minutes: own }) => ({ name, minutes: own })),
      tenths: [],
      history: historyOf(read, takenOf(signal, source), asked),
      // What one segment cannot tell, the mean over all of them cannot, either.
      held: held ?? segments.find((one) => one.held !== undefined)?.held,
      ...(note === undefined ? {} : { note }),
    };
  },
});

const takenOf = (
  { kind }: Signal,
  { labelAfterMinutes }: LabelSource,
  segment?: Taken["segment"],
): Taken => ({ kind, labelAfterMinutes, ...(segment === undefined ? {} : { segment }) });

interface ReadLabels {
  readonly entries: readonly LabelEntry[];
  /** Of each slot: answers that could have a label, by the begin of the minute. */
  readonly answers: PerSlot<ReadonlyMap<number, number>>;
}

/** All signals of a check read the same. */
const reads = new WeakMap<AskedPair, Promise<ReadLabels>>();

function readOnce(asked: AskedPair): Promise<ReadLabels> {
  const known = reads.get(asked) ?? readLabels(asked);
  reads.set(asked, known);
  return known;
}

async function readLabels({
  context,
  deployed: { config, outputs },
  historyFromMs,
  sinceMs,
  toMs,
}: AskedPair): Promise<ReadLabels> {
  const ledger = openLedger(context, context.labels(config.labels.bucket));
  const requests = SLOTS.map((slot) => ({
    id: slot,
    // A refusal or a failure is no prediction.
    queries: [
      { id: "value", metricName: "HTTPCode_Target_2XX_Count", stat: "Sum", scope: "targetGroup" } as const,
    ],
    periodSeconds: 60,
    place: placeOf(outputs, slot),
  }));
  const [entries, points] = await Promise.all([
    ledger.read(historyFromMs, toMs),
    sinceMs < toMs ? context.metrics.read(requests, sinceMs, toMs) : new Map(),
  ]);
  const of = (slot: Slot) =>
    new Map<number, number>(
      (points.get(slot) ?? []).map(({ atMs, value }: { atMs: number; value: number }) => [atMs, value]),
    );
  return { entries, answers: { blue: of("blue"), green: of("green") } };
}

const ofPair = ({ entries, answers }: ReadLabels, slot: Slot, taken: Taken, { windows }: AskedPair) =>
  labelMinutes(entries, slot, answers[slot], taken).filter(({ atMs }) =>
    windows.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
  );

/** The active slot's own minutes before the release, at the same age. */
const historyOf = ({ entries }: ReadLabels, taken: Taken, { active, sinceMs }: AskedPair) =>
  labelMinutes(entries, active, new Map(), taken)
    .filter(({ atMs }) => atMs < sinceMs)
    .map(({ labelled, wrong }) => ({ exposure: labelled, events: wrong }));
