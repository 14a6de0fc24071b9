import { writeTagText } from "../route/route-tags.ts";

/** What the watchdog tells people of. */
export const TOLD_KINDS = ["rolledBack", "late", "stuck"] as const;
export type ToldKind = (typeof TOLD_KINDS)[number];

/**
 * Written by the watchdog alone, never by Pulumi: which of its calls tells people, and whether it has. Each kind has a
 * tag of its own, for a call that has one thing to tell must not take from another what that one has to tell.
 */
export const TOLD_TAGS: Readonly<Record<ToldKind, string>> = {
  rolledBack: "deploy:watchdog-told",
  late: "deploy:watchdog-told-late",
  stuck: "deploy:watchdog-told-stuck",
};

/** Which call has taken it on to tell people, or has told them. */
export interface Telling {
  /** `claimed`: it will tell, or died before it could. */
  readonly state: "claimed" | "told";
  /** The call. */
  readonly by: string;
  /** Since when it is so, epoch milliseconds. */
  readonly atMs: number;
  readonly releaseId: string;
  readonly reason: string;
}

export const writeTelling = ({ state, by, atMs, releaseId, reason }: Telling): string =>
  writeTagText(`${state} ${by} ${new Date(atMs).toISOString()} ${releaseId} ${reason}`);

/** undefined: nobody has told anything of this kind yet, or the tag is not one of ours. */
export function readTelling(tags: Readonly<Record<string, string>>, kind: ToldKind): Telling | undefined {
  const value = tags[TOLD_TAGS[kind]] ?? "";
  const [, state, by = "", at = "", releaseId = "", reason = ""] =
    /^(claimed|told) (\S+) (\S+) (\S+)(?: (.*))?$/.exec(value) ?? [];
  const atMs = Date.parse(at);
  if ((state !== "claimed" && state !== "told") || !Number.isFinite(atMs)) return undefined;
  return { state, by, atMs, releaseId, reason };
}
