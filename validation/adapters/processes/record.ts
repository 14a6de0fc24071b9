import { isRecord } from "../../../contract/config/field.ts";
import type { ProcessIdentity } from "./identity.ts";

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
  if (!isRecord(value)) return undefined;
  const { id, user, host, since, identity, endedAt, updates } = value;
  const known = parseIdentity(identity);
  const parsed = Array.isArray(updates) ? updates.map(parseUpdate) : [undefined];
  const whole = parsed.filter((update) => update !== undefined);
  if (typeof id !== "string" || typeof user !== "string" || typeof host !== "string") return undefined;
  if (typeof since !== "string" || !isTime(endedAt) || whole.length < parsed.length) return undefined;
  return { id, user, host, since, identity: known, endedAt, updates: whole };
}

function parseUpdate(value: unknown): UpdateProcess | undefined {
  if (!isRecord(value)) return undefined;
  const { pid, startedAt, endedAt, processes } = value;
  if (typeof pid !== "number" || typeof startedAt !== "string" || !isTime(endedAt)) return undefined;
  if (!Array.isArray(processes)) return undefined;
  const known = processes.map(parseIdentity).filter((one) => one !== undefined);
  return known.length < processes.length ? undefined : { pid, startedAt, endedAt, processes: known };
}

/** undefined: not whole. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (!isRecord(value)) return undefined;
  const { bootId, namespaces, pid, startTicks } = value;
  if (typeof bootId !== "string" || typeof namespaces !== "string") return undefined;
  if (typeof pid !== "number" || typeof startTicks !== "string") return undefined;
  return { bootId, namespaces, pid, startTicks };
}

const isTime = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === "string" && Number.isFinite(Date.parse(value)));
