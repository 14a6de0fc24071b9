import { isRecord, type Field } from "../config/field.ts";
import { readSchedule, type Schedule } from "./schedule.ts";

/**
 * When this candidate and this active model have shared users. The counts themselves stay in CloudWatch; a hold, a
 * revert manually and a new deploy of the same pair go on counting where they were.
 */
export interface Compared {
  /** Image reference of the active model. */
  readonly active: string;
  /** From 1; each deliberate fresh start raises it. */
  readonly attempt: number;
  /** ISO 8601, the cloud's clock, oldest first; the last one is open while the release runs. */
  readonly windows: readonly ComparedWindow[];
  /** What was planned before its first attempt; undefined: nothing was, or by an earlier version. */
  readonly schedule?: Schedule | undefined;
  /** Why the gates rolled this candidate back; it stays refused until a deliberate fresh start. */
  readonly refused?: string | undefined;
}

export interface ComparedWindow {
  readonly from: string;
  readonly to?: string | undefined;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export const comparedField: Field<Compared | undefined> = {
  type: "object",
  allowed: "what the tools wrote",
  default: undefined,
  meaning: "When this candidate and this active model have shared users: what the comparison counts.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { active, attempt, windows, schedule: planned, refused } = raw;
    if (refused !== undefined && typeof refused !== "string") return undefined;
    if (typeof active !== "string" || !Number.isInteger(attempt) || Number(attempt) < 1) return undefined;
    const read = Array.isArray(windows) ? windows.map(comparedWindow) : [undefined];
    const whole = read.filter((window) => window !== undefined);
    if (whole.length !== read.length) return undefined;
    const schedule = planned === undefined ? undefined : readSchedule(planned);
    if (planned !== undefined && schedule === undefined) return undefined;
    const value = { active, attempt: Number(attempt), windows: whole };
    return {
      value: {
        ...value,
        ...(schedule === undefined ? {} : { schedule }),
        ...(refused === undefined ? {} : { refused }),
      },
    };
  },
};

function comparedWindow(raw: unknown): ComparedWindow | undefined {
  if (!isRecord(raw)) return undefined;
  const { from, to } = raw;
  const isTime = (text: unknown): text is string => typeof text === "string" && TIME.test(text);
  if (!isTime(from) || (to !== undefined && !isTime(to))) return undefined;
  return to === undefined ? { from } : { from, to };
}
