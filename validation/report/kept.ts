import * as v from "valibot";
import { SLOTS } from "../../contract/slot.ts";

/** What evidence and journals are made of, as far as anybody reads them again. */

export const text = v.string();
export const number = v.pipe(v.number(), v.finite());

/** ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
export const time = v.pipe(
  text,
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  v.check((value) => !Number.isNaN(Date.parse(value))),
);

/** No release is compared for longer: a minute beyond it is none that was counted. */
const MOST_MINUTES = 10 * 366 * 24 * 60;

const minute = v.pipe(number, v.integer(), v.minValue(0), v.maxValue(MOST_MINUTES));
const count = v.pipe(number, v.minValue(0));
const column = v.object({ requests: v.array(count), events: v.array(count) });

/** Minutes column by column, before it is known that they belong together (`areColumns`). */
export const columns = {
  from: v.optional(time),
  minutes: v.array(minute),
  candidate: column,
  active: column,
};

type Columns = v.InferOutput<v.ObjectSchema<typeof columns, undefined>>;

/** Whether each minute is after the one before and has its counts on both slots. */
export const areColumns = ({ from, minutes, candidate, active }: Columns): boolean =>
  (minutes.length === 0 || from !== undefined) &&
  minutes.every((one, at) => one > (minutes[at - 1] ?? -1)) &&
  [candidate, active].every(
    ({ requests, events }) => requests.length === minutes.length && events.length === minutes.length,
  );

export const split = v.object({ blue: number, green: number });

export const release = v.object({
  id: text,
  digest: text,
  slot: v.picklist(SLOTS),
  modelVersion: v.optional(text),
  // Version 0.1 kept neither.
  retreats: v.optional(v.array(v.object({ at: time, from: number, reason: text }))),
  tested: v.optional(v.object({ waived: v.optional(v.array(text)) })),
});

export const model = v.object({ modelVersion: v.optional(text), image: text, digest: v.optional(text) });
