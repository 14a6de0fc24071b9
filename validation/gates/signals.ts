import {
  fail,
  notApplicable,
  pass,
  unreadable,
  type Answer,
  type Evidence,
  type Gate,
} from "../core/assessment.ts";
import type { MetricComparison, SignalComparison } from "../core/comparison/compare.ts";
import type { Slot } from "../../contract/slot.ts";
import { iso } from "../core/iso.ts";
import type { Observation } from "../core/observation.ts";
import { countsSentence } from "./count-words.ts";
import { defineGate } from "./define.ts";

/**
 * The stack's own signals, as far as they only hold a release or are told; those that roll back are in the comparison. One
 * of which nothing can be said holds, too, unless it is only told: no data is not good news.
 */
export const signalsGate: Gate = ({ observation }) => [
  { gate: "signals", about: "candidate", onFail: "hold", answer: answerOf(observation) },
];

interface Told {
  readonly metric: MetricComparison;
  readonly signal: SignalComparison;
}

function answerOf({ comparison, candidate, active }: Observation): Answer {
  if (comparison === undefined) return notApplicable("signals: the candidate had no users yet");
  if (!comparison.readable) return unreadable(`signals: the counts could not be read (${comparison.why})`);
  const { metrics } = comparison.value;
  const all = metrics.flatMap((metric): readonly Told[] =>
    metric.signal === undefined ? [] : [{ metric, signal: metric.signal }],
  );
  if (all.length === 0) return notApplicable("signals: this stack has none");
  const evidence = evidenceOf(all);
  const words = (told: readonly Told[]) =>
    told.map(({ metric }) => countsSentence(metric, active.slot)).join("; ");
  const crossed = all.filter(({ signal }) => signal.alone?.crossing !== undefined);
  const against = crossed.filter(({ signal }) => signal.definition.action === "hold");
  if (against.length > 0) return fail(`signals: ${words(against)}`, evidence);
  const [toldOnly, holding] = [all.filter(isTold), all.filter((one) => !isTold(one))];
  const silent = holding.flatMap(silence);
  if (silent.length > 0) return unreadable(`signals: ${silent.join("; ")}`, evidence);
  const told = crossed.filter(isTold);
  const unread = toldOnly.flatMap(silence);
  const notes = all.flatMap(({ metric, signal }) =>
    signal.note === undefined ? [] : [`${metric.name}: ${signal.note}`],
  );
  const said = [
    ...(told.length === 0 ? [] : [`told, and decides nothing: ${words(told)}`]),
    ...(unread.length === 0 ? [] : [`nothing can be said by what is only told: ${unread.join("; ")}`]),
    ...notes,
    ...(told.length + unread.length + notes.length === 0 ? [quiet(all, candidate.slot)] : []),
  ];
  return pass(`signals: ${said.join("; ")}`, evidence);
}

const isTold = ({ signal }: Told) => signal.definition.action === "report";

const quiet = (all: readonly Told[], slot: Slot) =>
  `${all.map(({ metric }) => metric.name).join(", ")} ${all.length === 1 ? "says" : "say"} nothing against ${slot}`;

const RECENT_MS = 5 * 60_000;

/** Why a signal says nothing now: what its source says of it, or counts of the last minutes that contradict themselves. */
function silence({ metric: { name, window }, signal }: Told): readonly string[] {
  if (signal.held !== undefined) return [`${name}: ${signal.held}`];
  const last = Math.max(window?.toMs ?? 0, ...signal.unreadable);
  const recent = signal.unreadable.findLast((atMs) => atMs > last - RECENT_MS);
  if (recent === undefined) return [];
  return [`${name}: in the minute of ${iso(recent)} there are more events than there can be`];
}

function evidenceOf(all: readonly Told[]): Evidence {
  return Object.fromEntries(
    all.flatMap(({ metric, signal }) => {
      const { evidence, needed } = signal.alone ?? {};
      return evidence === undefined || needed === undefined
        ? []
        : [
            [metric.name, Number(evidence.toPrecision(3))] as const,
            [`${metric.name} needed`, needed] as const,
          ];
    }),
  );
}

export const definition = defineGate({
  names: ["signals"],
  asks: "Does a signal of the stack's own speak against the candidate that holds a release, or can nothing be said by one? It holds.",
  order: 35,
  sharing: signalsGate,
});
