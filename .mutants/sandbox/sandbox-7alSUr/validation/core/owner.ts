/** How it stands with a process, as far as this machine can tell; `unknown`: nobody can tell from here. */
export type Fate = "runs" | "ended" | "unknown";

/** A process that runs a rollout, as `release.owner` names it. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, the machine's clock: when the process began. */
  readonly since: string;
  /** Random, and known to the machine that the process runs on; undefined: written by version 0.1. */
  readonly run?: string | undefined;
}

export const showOwner = ({ user, host, pid, since, run }: Owner) =>
  `${user}@${host}:${pid} since ${since}${run === undefined ? "" : ` run ${run}`}`;

/** undefined: a text that is not of this form, such as a person or a workflow. */
export function readOwner(text: string): Owner | undefined {
  const [, user, host, pid, since, run] =
    /^(.+)@([^@:\s]+):(\d+) since (\S+)(?: run (\S+))?$/.exec(text) ?? [];
  if (user === undefined || host === undefined || since === undefined) return undefined;
  return { user, host, pid: Number(pid), since, run };
}

/** The person behind an owner, for sentences. */
export function personOf(owner: string): string {
  const read = readOwner(owner);
  return read === undefined ? owner : `${read.user}@${read.host}`;
}

/**
 * How the owner of a release stands to the process that asks:
 * - `gone`: a process of this machine that has ended.
 * - `alive`: another process of this machine.
 * - `elsewhere`: on another machine, or not known to be a process; from here nobody can tell whether it lives. Host and
 *   pid prove nothing: hosted runners share names, and each PID namespace counts from 1.
 */
export type Standing = "nobody" | "me" | "gone" | "alive" | "elsewhere";

export function standingOf(owner: string, me: string, fateOfRun: (run: string) => Fate): Standing {
  if (owner === "") return "nobody";
  if (owner === me) return "me";
  const run = readOwner(owner)?.run;
  const fate = run === undefined ? "unknown" : fateOfRun(run);
  return ({ runs: "alive", ended: "gone", unknown: "elsewhere" } as const)[fate];
}
