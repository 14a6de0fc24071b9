import * as v from "valibot";
import { SLOTS } from "../../contract/slot.ts";
import { SIGNAL_ACTIONS, SIGNAL_KINDS } from "../../contract/signals/signal.ts";
import { METRIC_KINDS } from "../core/comparison/evidence/weighing.ts";
import type { EvidenceRecord } from "./evidence.ts";

const number = v.pipe(v.number(), v.finite());
const text = v.string();
const time = v.pipe(
  text,
  v.check((value) => !Number.isNaN(Date.parse(value))),
);

const dispersion = v.object({ phi: number, assumed: v.boolean(), events: number, minutes: number });
const kind = v.picklist(METRIC_KINDS);
const column = v.object({ requests: v.array(number), events: v.array(number) });

const alone = v.object({ evidence: number, needed: number });
/** A signal's definition, as far as it is judged by. */
const definition = v.object({
  name: text,
  kind: v.picklist(SIGNAL_KINDS),
  action: v.picklist(SIGNAL_ACTIONS),
  budget: number,
  tolerance: v.optional(number),
});
export const partRecord = v.object({
  name: text,
  from: v.optional(time),
  minutes: v.array(number),
  candidate: column,
  active: column,
});

/** The counts of one metric, as evidence keeps them. */
export const countsRecord = v.object({
  ...partRecord.entries,
  kind,
  dispersion,
  signal: v.optional(v.object({ definition, held: v.optional(text), parts: v.array(partRecord) })),
});
const counts = v.pipe(
  countsRecord,
  v.check(({ minutes, candidate, active }) =>
    [candidate, active].every(
      ({ requests, events }) => requests.length === minutes.length && events.length === minutes.length,
    ),
  ),
);

const arm = v.object({ requests: number, events: number, rate: v.optional(number) });
const metric = v.object({
  name: text,
  kind,
  exposure: v.optional(text),
  signal: v.optional(
    v.object({
      definition,
      part: v.optional(v.object({ name: text })),
      alone: v.optional(alone),
    }),
  ),
  candidate: arm,
  active: arm,
  contribution: number,
  dispersion,
  ratio: v.object({ estimate: v.optional(number), low: number, high: v.optional(number) }),
});

const classes = v.object({ "2xx": number, "3xx": number, "4xx": number, "5xx": number });

const comparison = v.object({
  settings: v.object({ alpha: number, tolerance: number, attempt: number }),
  share: number,
  sticky: v.optional(v.boolean()),
  stepSince: time,
  splitSince: v.optional(time),
  proveNothing: v.optional(v.array(number)),
  evidence: number,
  needed: number,
  crossing: v.optional(v.object({ at: time, evidence: number, name: text })),
  blindSpot: number,
  maxBlindSpot: number,
  missing: v.optional(v.object({ requests: number, minutes: number })),
  answers: v.optional(v.object({ candidate: classes, active: classes })),
  slowThresholds: v.array(v.object({ quantile: number, seconds: number, samples: number })),
  unevenMinutes: number,
  unreadable: v.array(text),
  metrics: v.array(metric),
  counts: v.array(counts),
});

export const evidence = v.object({
  stack: text,
  at: time,
  verdict: text,
  why: v.optional(text),
  expired: v.boolean(),
  sentence: text,
  exitCode: number,
  split: v.optional(v.object({ blue: number, green: number })),
  release: v.optional(v.object({ id: text, digest: text, slot: v.picklist(SLOTS) })),
  model: v.optional(v.object({ modelVersion: v.optional(text), image: text, digest: v.optional(text) })),
  reasons: v.array(text),
  gates: v.array(v.object({ gate: text, about: text, answer: v.object({ kind: text, reason: text }) })),
  comparison: v.optional(comparison),
});

/** Whether parsed JSON is what `--evidence` writes, as far as anybody reads it again. */
export const isEvidence = (value: unknown): value is EvidenceRecord => v.is(evidence, value);
