import { fullName, type Identity } from "../names/names.ts";
import { modelTag, ROUTE_TAGS } from "./route.ts";
import { isoMs } from "../iso-time.ts";
import { isFirstShare } from "../release/retreat.ts";
import { isOpen, type Release, type ReleaseState } from "../release/release.ts";
import { isSlot, type Slot } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { percents } from "../config/steps.ts";

/** Written by the watchdog alone, never by Pulumi: what it did last, and why. */
export const WATCHDOG_TAG = "deploy:watchdog";

/** Written by `revert` alone: whose users it rolled back, when and why, where Pulumi may not know of either. */
export const REVERT_TAG = "deploy:reverted";

/** Written by a rollout alone: that its gates rolled a candidate back, where Pulumi may not know of it yet. */
export const GATES_TAG = "deploy:rolled-back";

/** Written by a rollout alone: that it gave a candidate's users back in doubt, where Pulumi does not know of it yet. */
export const RETREAT_TAG = "deploy:retreated";

/** What an emergency write needs. */
export interface RouteMemory {
  readonly stack: string;
  /** undefined: a version that named none has tagged the route. */
  readonly project: string | undefined;
  readonly activeSlot: Slot;
  /** Slot of the release in progress, or of the last one; undefined: there was none. */
  readonly releaseSlot: Slot | undefined;
  readonly stickinessSeconds: number;
}

/** What the route remembers of the release that moves users; undefined: none does. */
export interface RememberedRelease {
  readonly id: string;
  readonly slot: Slot;
  readonly state: Extract<ReleaseState, "deployed" | "running" | "paused">;
  /** Since when it has its first share, epoch milliseconds; undefined: it is past it, or has none. */
  readonly firstShareMs: number | undefined;
  /** Epoch milliseconds; undefined: the step has none. */
  readonly deadlineMs: number | undefined;
  readonly atDeadline: "hold" | "revert";
}

type Remembered = Pick<StackConfig, "activeSlot" | "release"> & {
  readonly service: Pick<StackConfig["service"], "stickinessSeconds">;
  readonly rollout: Pick<StackConfig["rollout"], "atDeadline" | "steps" | "watchdogManual">;
};

const NONE = "none";

export function routeTags(
  { project, stack, model = project }: Identity,
  { activeSlot, release, service, rollout }: Remembered,
): Readonly<Record<string, string>> {
  return {
    [ROUTE_TAGS.stack]: stack,
    [ROUTE_TAGS.project]: project,
    ...modelTag(project, model),
    [ROUTE_TAGS.activeSlot]: activeSlot,
    ...releaseTags(release, percents(rollout.steps)),
    [ROUTE_TAGS.atDeadline]: rollout.atDeadline,
    [ROUTE_TAGS.watchdogManual]: String(rollout.watchdogManual),
    [ROUTE_TAGS.stickinessSeconds]: String(service.stickinessSeconds),
  };
}

function releaseTags(
  release: Release | undefined,
  steps: readonly number[],
): Readonly<Record<string, string>> {
  const deadline = isOpen(release) && release.deadline !== "" ? release.deadline : NONE;
  const isAtFirst = isOpen(release) && release.weight > 0 && isFirstShare(steps, release);
  return {
    [ROUTE_TAGS.firstShareSince]: isAtFirst && release.stepSince !== "" ? release.stepSince : NONE,
    [ROUTE_TAGS.releaseId]: release?.id ?? NONE,
    [ROUTE_TAGS.releaseSlot]: release?.slot ?? NONE,
    [ROUTE_TAGS.releaseState]: release?.state ?? NONE,
    [ROUTE_TAGS.deadline]: deadline,
  };
}

/** Whether these are the tags of this stack's route. One of 0.1 names no project, and is told by its stack alone. */
export function isRouteOf(
  tags: Readonly<Record<string, string>>,
  { project, stack, model = project }: Identity,
): boolean {
  const { [ROUTE_TAGS.project]: tagged = project, [ROUTE_TAGS.model]: tagsModel = project } = tags;
  return (
    tags[ROUTE_TAGS.stack] === stack &&
    tagged === project &&
    tagsModel === model &&
    ROUTE_TAGS.activeSlot in tags
  );
}

/** Which model of this stack has the route; undefined: it is no route of the stack. */
export function modelOfRoute(
  tags: Readonly<Record<string, string>>,
  { project, stack }: Identity,
): string | undefined {
  const model = tags[ROUTE_TAGS.model] ?? project;
  return isRouteOf(tags, { project, stack, model }) ? model : undefined;
}

/** How the stack of a route is called where several projects may have one of that name. */
export function stackOfRoute(tags: Readonly<Record<string, string>>): string {
  const { [ROUTE_TAGS.stack]: stack = "", [ROUTE_TAGS.project]: project, [ROUTE_TAGS.model]: model } = tags;
  return project === undefined ? stack : fullName({ project, stack, model });
}

/** What a route's tags remember; undefined when they are not those of a route of ours. */
export function readRouteTags(tags: Readonly<Record<string, string>>): RouteMemory | undefined {
  const stack = tags[ROUTE_TAGS.stack];
  const activeSlot = tags[ROUTE_TAGS.activeSlot];
  const seconds = Number(tags[ROUTE_TAGS.stickinessSeconds]);
  if (stack === undefined || !isSlot(activeSlot) || !isDuration(seconds)) return undefined;
  const slot = tags[ROUTE_TAGS.releaseSlot];
  const releaseSlot = isSlot(slot) ? slot : undefined;
  return { stack, project: tags[ROUTE_TAGS.project], activeSlot, releaseSlot, stickinessSeconds: seconds };
}

/** ELB API, TargetGroupStickinessConfig: at most seven days; 0: off. */
const isDuration = (seconds: number) => Number.isInteger(seconds) && seconds >= 0 && seconds <= 604_800;

const OPEN_STATES = ["deployed", "running", "paused"] as const;

/** The release that moves or may move users. A route that an earlier version tagged has no deadline. */
export function readReleaseTags(tags: Readonly<Record<string, string>>): RememberedRelease | undefined {
  const id = tags[ROUTE_TAGS.releaseId];
  const slot = tags[ROUTE_TAGS.releaseSlot];
  const state = OPEN_STATES.find((word) => word === tags[ROUTE_TAGS.releaseState]);
  if (id === undefined || id === "" || !isSlot(slot) || state === undefined) return undefined;
  const atDeadline = tags[ROUTE_TAGS.atDeadline] === "revert" ? "revert" : "hold";
  const firstShareMs = timeIn(tags, ROUTE_TAGS.firstShareSince);
  return { id, slot, state, firstShareMs, deadlineMs: timeIn(tags, ROUTE_TAGS.deadline), atDeadline };
}

function timeIn(tags: Readonly<Record<string, string>>, tag: string): number | undefined {
  return isoMs(tags[tag] ?? "");
}

/** Whether the watchdog may roll back what was shifted manually. */
export function guardsManualShares(tags: Readonly<Record<string, string>>): boolean {
  return tags[ROUTE_TAGS.watchdogManual] === "true";
}

/** What the watchdog, or a person's revert, did last. */
export interface RollbackMark {
  /** Release whose users went back, or `manual` for a share without a release. */
  readonly releaseId: string;
  readonly atMs: number;
  readonly reason: string;
}

export const BY_HAND = "manual";

// Of letters, digits, spaces and _ . : / = + - @, none of the spaces at an end: at most 255 characters by the ELB guide
// ("Tags for your listeners and rules"), 256 by the API (Tag).
const MAX_TAG_LENGTH = 255;

export function writeMark({ releaseId, atMs, reason }: RollbackMark): string {
  return writeTagText(`${releaseId} ${new Date(atMs).toISOString()} ${reason}`);
}

/** As much of a text as the value of a tag takes. */
export function writeTagText(text: string): string {
  const allowed = text.replaceAll(/[^\p{L}\p{N} _.:/=+@-]/gu, "").replaceAll(/ +/g, " ");
  return [...allowed].slice(0, MAX_TAG_LENGTH).join("").trim();
}

export const readWatchdogMark = (tags: Readonly<Record<string, string>>) => readMark(tags[WATCHDOG_TAG]);
export const readRetreatMark = (tags: Readonly<Record<string, string>>) => readMark(tags[RETREAT_TAG]);
export const readGatesMark = (tags: Readonly<Record<string, string>>) => readMark(tags[GATES_TAG]);
export const readRevertMark = (tags: Readonly<Record<string, string>>) => readMark(tags[REVERT_TAG]);

function readMark(value = ""): RollbackMark | undefined {
  const [, releaseId, at = "", reason = ""] = /^(\S+) (\S+)(?: (.*))?$/.exec(value) ?? [];
  const atMs = isoMs(at);
  return releaseId === undefined || atMs === undefined ? undefined : { releaseId, atMs, reason };
}
