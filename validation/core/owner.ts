/** A process that runs a rollout, as `release.owner` names it. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, the machine's clock: tells two processes apart that were given the same pid one after the other. */
  readonly since: string;
}

export const showOwner = ({ user, host, pid, since }: Owner) => `${user}@${host}:${pid} since ${since}`;

/** undefined: a text that is not of this form, such as a person or a workflow. */
export function readOwner(text: string): Owner | undefined {
  const [, user, host, pid, since] = /^(.+)@([^@:\s]+):(\d+) since (\S+)$/.exec(text) ?? [];
  if (user === undefined || host === undefined || since === undefined) return undefined;
  return { user, host, pid: Number(pid), since };
}

/** The person behind an owner, for sentences. */
export function personOf(owner: string): string {
  const read = readOwner(owner);
  return read === undefined ? owner : `${read.user}@${read.host}`;
}

/**
 * How the owner of a release stands to the process that asks:
 * - `gone`: a process of this host that has ended.
 * - `alive`: another process of this host.
 * - `elsewhere`: on another host, or not known to be a process; from here nobody can tell whether it lives.
 */
export type Standing = "nobody" | "me" | "gone" | "alive" | "elsewhere";

export function standingOf(owner: string, me: string, isAlive: (pid: number) => boolean): Standing {
  if (owner === "") return "nobody";
  if (owner === me) return "me";
  const theirs = readOwner(owner);
  const mine = readOwner(me);
  if (theirs === undefined || mine === undefined || theirs.host !== mine.host) return "elsewhere";
  // A pid that is mine now was theirs before.
  return theirs.pid !== mine.pid && isAlive(theirs.pid) ? "alive" : "gone";
}
