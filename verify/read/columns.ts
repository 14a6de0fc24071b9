import type { Minute } from "../formulas/minute.ts";
import { NotEvidence, numbersAt, objectAt, textsAt, timeAt, type JsonObject } from "./json.ts";

const MINUTE_MS = 60_000;

/** ECMAScript, 21.4.1.1: no Date is after it. */
const LATEST_MS = 8.64e15;

/** Minutes that are written column by column: the first one's begin, and each one's distance from it in minutes. */
export function minutesOf(columns: JsonObject): readonly Minute[] {
  const offsets = numbersAt(columns, "minutes");
  if (offsets.length === 0) return [];
  const fromMs = timeAt(columns, "from");
  const isInOrder = offsets.every(
    (offset, at) => offset > (offsets[at - 1] ?? -1) && Number.isInteger(offset),
  );
  if (offsets[0] !== 0 || !isInOrder)
    throw new NotEvidence("minutes are not in the order of time, from 0 on");
  if (fromMs + (offsets.at(-1) ?? 0) * MINUTE_MS > LATEST_MS) throw new NotEvidence("minutes have no end");
  const column = (slot: "candidate" | "active", of: "requests" | "events") => {
    const values = numbersAt(objectAt(columns, slot), of);
    if (values.length !== offsets.length)
      throw new NotEvidence(`${slot}.${of} has another length than minutes`);
    return values;
  };
  const [requests, events] = [column("candidate", "requests"), column("candidate", "events")];
  const [activeRequests, activeEvents] = [column("active", "requests"), column("active", "events")];
  return offsets.map((offset, at) => ({
    atMs: fromMs + offset * MINUTE_MS,
    candidate: { requests: requests[at] ?? 0, events: events[at] ?? 0 },
    active: { requests: activeRequests[at] ?? 0, events: activeEvents[at] ?? 0 },
  }));
}

export function columnsOf(minutes: readonly Minute[]): JsonObject {
  const [first] = minutes;
  const columns = (slot: "candidate" | "active") => ({
    requests: minutes.map((minute) => minute[slot].requests),
    events: minutes.map((minute) => minute[slot].events),
  });
  return {
    ...(first === undefined ? {} : { from: new Date(first.atMs).toISOString() }),
    minutes: minutes.map(({ atMs }) => (atMs - (first?.atMs ?? 0)) / MINUTE_MS),
    candidate: columns("candidate"),
    active: columns("active"),
  };
}

/** The minutes after a look that tells of new, revised and gone ones. */
export function minutesAfter(before: readonly Minute[], delta: JsonObject): readonly Minute[] {
  const all = new Map(before.map((minute) => [minute.atMs, minute]));
  for (const minute of minutesOf(delta)) all.set(minute.atMs, minute);
  const gone = delta["gone"] === undefined ? [] : textsAt(delta, "gone");
  for (const time of gone) all.delete(Date.parse(time));
  return [...all.values()].toSorted((a, b) => a.atMs - b.atMs);
}
