import * as v from "valibot";
import { SLOTS } from "../../../contract/slot.ts";
import { areColumns, model, number, release, split, text, time } from "../kept.ts";
import { countsFields, evidence, partFields, signalFields } from "../read-evidence.ts";
import { JOURNAL_EVENTS, JOURNAL_RESULTS, type JournalEntry } from "./entry.ts";

const link = {
  n: v.pipe(number, v.integer(), v.minValue(1)),
  at: time,
  previous: v.nullable(text),
  digest: text,
};

const gone = { gone: v.optional(v.array(time)) };
const part = v.pipe(
  v.object({ ...partFields, ...gone }),
  v.check((one) => areColumns(one)),
);
const counts = v.pipe(
  v.object({
    ...countsFields,
    ...gone,
    signal: v.optional(v.object({ ...signalFields, parts: v.array(part) })),
  }),
  v.check((one) => areColumns(one)),
);

const entry = v.variant("kind", [
  v.object({
    ...link,
    kind: v.literal("begin"),
    stack: text,
    release,
    model,
    activeModel: v.optional(text),
    settings: v.object({ alpha: number, beta: number, tolerance: number, steps: v.array(v.unknown()) }),
    who: text,
    since: v.picklist(["deploy", "this process"]),
  }),
  v.object({
    ...evidence.entries,
    ...link,
    kind: v.literal("look"),
    whole: text,
    comparison: v.optional(
      v.object({ ...evidence.entries.comparison.wrapped.entries, counts: v.array(counts) }),
    ),
  }),
  v.object({
    ...link,
    kind: v.literal("event"),
    event: v.picklist(JOURNAL_EVENTS),
    sentence: text,
    split: v.optional(split),
    release: v.optional(release),
    to: v.optional(v.picklist(SLOTS)),
    seconds: v.optional(number),
  }),
  v.object({
    ...link,
    kind: v.literal("tests"),
    report: v.object({
      outcome: text,
      sentence: text,
      slot: v.picklist(SLOTS),
      checks: v.array(
        v.object({
          name: text,
          answer: text,
          reason: text,
          waived: v.optional(v.boolean()),
          waiver: v.optional(text),
        }),
      ),
      worst: v.array(
        v.object({ id: text, input: text, label: text, candidate: text, active: v.optional(text) }),
      ),
    }),
  }),
  v.object({
    ...link,
    kind: v.literal("seal"),
    result: v.picklist(JOURNAL_RESULTS),
    sentence: text,
    looks: number,
    all: text,
  }),
]);

/** Whether parsed JSON is a line of a journal, as far as anybody reads it again. */
export const isJournalEntry = (value: unknown): value is JournalEntry => v.is(entry, value);
