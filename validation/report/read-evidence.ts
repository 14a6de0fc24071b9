import * as v from "valibot";
import { SIGNAL_ACTIONS, SIGNAL_KINDS } from "../../contract/signals/signal.ts";
import { METRIC_KINDS } from "../core/comparison/evidence/weighing.ts";
import type { EvidenceRecord } from "./evidence.ts";
import { areColumns, columns, model, number, release, split, text, time } from "./kept.ts";

const dispersion = v.object({
  phi: number,
  assumed: v.boolean(),
  events: number,
  minutes: number,
  bounded: v.optional(number),
});
const kind = v.picklist(METRIC_KINDS);

const alone = v.object({ evidence: number, needed: number });
const source = v.object({ from: text });

/** A signal's definition, as far as it is judged by. */
const definition = v.object({
  name: text,
  kind: v.picklist(SIGNAL_KINDS),
  action: v.picklist(SIGNAL_ACTIONS),
  budget: number,
  tolerance: v.optional(number),
  source: v.optional(source),
});

/** A part of a signal, as evidence keeps it. */
export const partFields = { ...columns, name: text };

/** One metric, without its parts. */
export const countsFields = { ...columns, name: text, kind, dispersion };

/** A signal of the stack's own beside its parts. */
export const signalFields = { definition, held: v.optional(text) };

const counts = v.pipe(
  v.object({
    ...countsFields,
    signal: v.optional(
      v.object({
        ...signalFields,
        parts: v.array(
          v.pipe(
            v.object(partFields),
            v.check((one) => areColumns(one)),
          ),
        ),
      }),
    ),
  }),
  v.check((one) => areColumns(one)),
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
  proof: v.optional(v.object({ ratio: number, rate: v.optional(number), evidence: number, needed: number })),
  missing: v.optional(v.object({ requests: number, minutes: number })),
  answers: v.optional(v.object({ candidate: classes, active: classes })),
  slowThresholds: v.array(v.object({ quantile: number, seconds: number, samples: number })),
  unevenMinutes: number,
  unreadable: v.array(text),
  metrics: v.array(metric),
  counts: v.array(counts),
});

const gate = v.object({
  gate: text,
  about: text,
  dryRun: v.optional(v.boolean()),
  answer: v.object({ kind: v.picklist(["pass", "fail", "noAnswer", "notApplicable"]), reason: text }),
});

export const evidence = v.object({
  stack: text,
  at: time,
  verdict: text,
  why: v.optional(text),
  expired: v.boolean(),
  sentence: text,
  exitCode: number,
  split: v.optional(split),
  release: v.optional(release),
  model: v.optional(model),
  reasons: v.array(text),
  gates: v.array(gate),
  comparison: v.optional(comparison),
});

/** Whether parsed JSON is what `--evidence` writes, as far as anybody reads it again. */
export const isEvidence = (value: unknown): value is EvidenceRecord => v.is(evidence, value);
