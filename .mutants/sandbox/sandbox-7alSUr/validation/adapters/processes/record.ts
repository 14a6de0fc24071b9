import * as v from "valibot";
import type { ProcessIdentity } from "./identity.ts";

const time = v.pipe(
  v.string(),
  v.check((value) => Number.isFinite(Date.parse(value))),
);
const identity = v.object({
  bootId: v.string(),
  namespaces: v.string(),
  pid: v.number(),
  startTicks: v.string(),
});
const update = v.object({
  pid: v.number(),
  startedAt: v.string(),
  endedAt: v.optional(time),
  processes: v.array(identity),
});
const run = v.object({
  id: v.string(),
  user: v.string(),
  host: v.string(),
  since: v.string(),
  identity: v.fallback(v.optional(identity), undefined),
  endedAt: v.optional(time),
  updates: v.array(update),
});

/** One run of a tool. Times are ISO 8601. */
export interface RunRecord {
  readonly id: string;
  readonly user: string;
  readonly host: string;
  readonly since: string;
  /** undefined: the system did not tell. */
  readonly identity: ProcessIdentity | undefined;
  /** undefined: it has not said so, because it runs, or because it was killed. */
  readonly endedAt: string | undefined;
  readonly updates: readonly UpdateProcess[];
}

/** A process that may have taken a stack's lock. */
export interface UpdateProcess {
  readonly pid: number;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  /** It and what it had started; empty: the system did not tell. */
  readonly processes: readonly ProcessIdentity[];
}

/** undefined: not whole, so it proves nothing. */
export function parseRecord(value: unknown): RunRecord | undefined {
  const read = v.safeParse(run, value);
  return read.success ? { identity: undefined, endedAt: undefined, ...read.output } : undefined;
}

/** undefined: not whole. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  const read = v.safeParse(identity, value);
  return read.success ? read.output : undefined;
}
