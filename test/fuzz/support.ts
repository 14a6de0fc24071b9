import { UserError } from "../../validation/errors.ts";
import { demand, type Taken } from "./parser.ts";

export const isUserError = (error: unknown): boolean => error instanceof UserError;

export const textOf = (input: Buffer): string => input.toString("utf8");

/** undefined: it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An input that is none is the parser's to refuse, where it gets text.
    return undefined;
  }
}

export const takenIf = (isAccepted: boolean): Taken => (isAccepted ? "accepted" : "refused");

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Epoch ms of a time in ISO 8601 with a zone, by the calendar alone: `Date.parse` takes the 30th of February for the 2nd
 * of March. undefined: there is no such time.
 */
export function calendarMs(text: string): number | undefined {
  const found =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? undefined;
  if (found === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((one) => Number(one ?? 0));
  const isLeap = month === 2 && (year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0));
  const days = (DAYS[month - 1] ?? 0) + (isLeap ? 1 : 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = found[8] ?? "Z";
  const [hours = 0, minutes = 0] = zone === "Z" ? [] : zone.slice(1).split(":").map(Number);
  if (hours > 23 || minutes > 59) return undefined;
  const away = (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  const ms = Math.floor(Number(`0.${found[7] ?? 0}`) * 1000);
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  return utc.setUTCHours(hour, minute, second, ms) - away;
}

/** Whatever it says, it is a time of the calendar, and that one. */
export function demandTime(text: string, readMs: number): void {
  const ms = calendarMs(text);
  demand(
    ms !== undefined && Math.abs(ms - readMs) <= 1,
    `${text} was read as ${readMs}, and is ${ms ?? "no time"}`,
  );
}

/** Two values of JSON that say the same, whatever the order of names. */
export function isSame(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? "";
