import {
  BY_HAND,
  GATES_TAG,
  readGatesMark,
  readRetreatMark,
  readRevertMark,
  readWatchdogMark,
  RETREAT_TAG,
  REVERT_TAG,
  writeMark,
  type RollbackMark,
} from "../../contract/route/route-tags.ts";
import { isOpen } from "../../contract/release/release.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

/** Who moved users back without Pulumi, when and why. */
export interface RolledBack extends RollbackMark {
  readonly by: "watchdog" | "revert" | "gates" | "retreat";
}

/**
 * What the watchdog, or a revert that Pulumi could not be told of, did to the users of the stack as it is deployed, the
 * newest of it, or the gates' verdict where there is one; undefined: nothing. A mark stays on the route until the next one, so one of an earlier release, or from
 * before the last update, tells of what is over.
 */
export async function rollbackMark(
  { route, clock }: Pick<Context, "route" | "clock">,
  { config, outputs, endedWallMs }: Deployed,
): Promise<RolledBack | undefined> {
  const { routeArn } = outputs;
  const tags = (await route.tags([routeArn])).get(routeArn) ?? {};
  const marks = [
    { by: "watchdog", mark: readWatchdogMark(tags) },
    { by: "revert", mark: readRevertMark(tags) },
    { by: "gates", mark: readGatesMark(tags) },
    { by: "retreat", mark: readRetreatMark(tags) },
  ] as const;
  const { release } = config;
  const isOfNow = ({ releaseId, atMs }: RollbackMark) =>
    (isOpen(release) && releaseId === release.id) ||
    (releaseId === BY_HAND && atMs > clock.fromWall(endedWallMs));
  // A release may retreat and get users again: only a retreat from its present share is not written down yet.
  const isPending = ({ by, mark }: (typeof marks)[number]) =>
    by !== "retreat" || (mark?.atMs ?? 0) > Date.parse(release?.stepSince ?? "");
  const found = marks
    .filter(isPending)
    .flatMap(({ by, mark }) => (mark !== undefined && isOfNow(mark) ? [{ ...mark, by }] : []));
  // A verdict is terminal: who moves the users once more, such as the watchdog in the same moment, changes nothing of it.
  return found.find(({ by }) => by === "gates") ?? found.toSorted((a, b) => b.atMs - a.atMs)[0];
}

/** What is to be left on the route while Pulumi cannot be told. */
export interface RouteMark extends RollbackMark {
  readonly tag: typeof REVERT_TAG | typeof GATES_TAG | typeof RETREAT_TAG;
}

const WITHOUT_IT: Readonly<Record<RouteMark["tag"], string>> = {
  [REVERT_TAG]: "that users were rolled back",
  [GATES_TAG]: "that the gates rolled users back",
  [RETREAT_TAG]: "that the release goes on",
};
const THEN: Readonly<Record<RouteMark["tag"], string>> = {
  [REVERT_TAG]: "a rollout that still runs may give them away again",
  [GATES_TAG]: "a rollout that still runs may give them away again",
  [RETREAT_TAG]: "the next step ends it",
};

/**
 * Where the update that gave the candidate its first users failed, nothing else tells that they were rolled back, and a
 * rollout that repeats it would give them away again; nor that a release without users goes on, nor whose verdict it was.
 * It comes right after the emergency write, before Pulumi is told, which takes up to half a minute: who is killed in it
 * leaves it behind, and another process that looks meanwhile does not take it for a person's revert.
 */
export async function leaveMark(
  { route, reporter }: Pick<Context, "route" | "reporter">,
  routeArn: string,
  { tag, ...mark }: RouteMark,
): Promise<void> {
  const left = await attempt(() => route.tag(routeArn, tag, writeMark(mark)));
  if (left.readable) return;
  const message = `the route's tags could not say ${WITHOUT_IT[tag]} (${left.why}): ${THEN[tag]}`;
  reporter.report({ kind: "note", message });
}

/**
 * Pulumi has been told, so the mark has said its part: left there, `pulumi refresh` would show a change that nobody made.
 * Never throws; another mark of the same tag that came meanwhile goes with it, and is of users who are back as well.
 */
export async function takeMarkAway(
  { route, reporter }: Pick<Context, "route" | "reporter">,
  routeArn: string,
  { tag }: RouteMark,
): Promise<void> {
  const taken = await attempt(() => route.untag(routeArn, tag));
  if (taken.readable) return;
  const message = `the tag ${tag} stays on the route (${taken.why}): it changes nothing, and the next update after a pulumi refresh takes it away`;
  reporter.report({ kind: "note", message });
}

export function rollbackWords({ by, atMs, reason }: RolledBack): string {
  const at = new Date(atMs).toISOString();
  const words = {
    watchdog: "the watchdog moved users back",
    revert: "users were rolled back by a revert",
    gates: "the gates rolled users back",
    retreat: "users went back in doubt",
  } as const;
  return `${words[by]} at ${at}: ${reason}`;
}
