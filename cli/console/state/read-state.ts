import { perSlot } from "../../../contract/slot.ts";
import type { Split } from "../../../contract/route/split.ts";
import { UserError } from "../../../validation/errors.ts";
import {
  status,
  UNDER_WAY,
  type StatusOutcome,
  type StatusTools,
} from "../../../validation/insight/status.ts";
import { journalIn } from "../../../validation/adapters/journal-files.ts";
import { iso } from "../../../validation/core/iso.ts";
import { attempt } from "../../../validation/reading.ts";
import type { ReadLogs } from "../../../validation/deploy/task-log.ts";
import type { Context, Deployed } from "../../../validation/ports.ts";
import { sinceOf } from "../../../validation/rollout/live-since.ts";
import type { CheckMemory } from "../../../validation/rollout/observe.ts";
import type { KeptPoints } from "../../../validation/rollout/reading/kept-points.ts";
import { requireDeployed } from "../../../validation/stack/apply.ts";
import { buttonsOf, buttonsUnread, wayBackOf } from "../steer/buttons.ts";
import { configRows } from "./config-rows.ts";
import { CONSOLE_VERSION, type ConsoleState, type TargetWords } from "./console-state.ts";
import { evidenceOverTime, type EvidenceMemory } from "./evidence-over-time.ts";
import { journalLines, toldEntries } from "./journal.ts";
import { marksOf } from "./marks.ts";
import { pureLook, type PureLook } from "./next-check.ts";
import { slotMinutes } from "./slot-minutes.ts";
import { toldTests } from "./told-tests.ts";
import { waitsOf } from "./waits.ts";

/** What is read: one model of one stack, with the person's own credentials. */
export interface Subject {
  readonly context: Context;
  /** Whether it is there as it was opened: a local cloud may have been ended, and started anew at another address. */
  readonly isStill: () => Promise<boolean>;
  readonly target: TargetWords;
  readonly tools: StatusTools;
  /** How a client of the local cloud reaches it, for what is tried out there; undefined: on AWS. */
  readonly ecs: LocalClient | undefined;
  /** What tasks wrote; undefined: it is not within reach. */
  readonly readLogs: ReadLogs;
  readonly speed: number;
  /** Where journals of the model's releases are kept. */
  readonly releases: string;
  readonly asTyped: (text: string) => string;
}

export interface LocalClient {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What one reading keeps for the next. */
export interface ReadMemory {
  check: CheckMemory;
  readonly minutes: KeptPoints;
  readonly evidence: EvidenceMemory;
  /** The last look: minutes come once a minute, so nothing is asked for again within one. */
  look?: { readonly key: string; readonly found: PureLook | undefined };
}

export const newMemory = (): ReadMemory => ({ check: {}, minutes: new Map(), evidence: new Map() });

const MINUTE_MS = 60_000;
/** Of the stack's clock. */
const EVERY_SECONDS = 10;

export async function readState(
  subject: () => Promise<Subject>,
  memory: () => ReadMemory,
): Promise<ConsoleState> {
  let opened: Subject | undefined;
  try {
    opened = await subject();
    return await readOpened(opened, memory());
  } catch (error) {
    return failedState(error, opened);
  }
}

async function readOpened(subject: Subject, memory: ReadMemory): Promise<ConsoleState> {
  const { asTyped, tools } = subject;
  const context = askedOnce(subject.context);
  const [deployed, found] = await Promise.all([requireDeployed(context), status(context, tools)]);
  const nowMs = context.clock.now();
  const live = liveOf(found);
  const [look, minutes, tags, checkout, journal] = await Promise.all([
    attempt(() => lookAgain(context, deployed, live, memory, isAtWork(found))),
    attempt(() => slotMinutes(context, deployed, memory.minutes)),
    attempt(() => context.route.tags([deployed.outputs.routeArn])),
    attempt(() => context.store.checkout(deployed)),
    attempt(() => journalLines(journalPath(subject, found.release?.id))),
  ]);
  const comparison = look.readable ? look.value?.comparison : undefined;
  const ofRoute = tags.readable ? (tags.value.get(deployed.outputs.routeArn) ?? {}) : {};
  const healthy = perSlot((slot) => found.slots[slot].healthyTasks);
  const wayBack = wayBackOf(deployed, { live, tags: ofRoute, healthy }, asTyped);
  const { release } = deployed.config;
  const liveSinceMs = release && sinceOf(context, deployed, release, undefined);
  const entries = journal.readable ? toldEntries(journal.value) : [];
  const next = look.readable ? look.value?.next : undefined;
  const waiting = { deployed, nowMs, liveSinceMs, comparison, next, isAtWork: isAtWork(found) };
  const waits = waitsOf(waiting).map((one) => ({ ...one, command: one.command && asTyped(one.command) }));
  return {
    ...emptyState(subject),
    at: iso(nowMs),
    status: found,
    isUpdating: found.next === UNDER_WAY,
    // A release without a step has not changed the split, and does not know when it was made.
    splitSince: liveSinceMs === undefined || release?.state === "deployed" ? undefined : iso(liveSinceMs),
    waits,
    nextCheck: next,
    wayBack,
    buttons: buttonsOf(deployed, wayBack, asTyped),
    minutes: minutes.readable ? minutes.value : undefined,
    evidence: comparison && evidenceOverTime(comparison, nowMs, memory.evidence),
    marks: marksOf(found.release, entries),
    journal: entries,
    tests: journal.readable ? toldTests(journal.value) : undefined,
    config: configRows(deployed, checkout.readable ? checkout.value : undefined),
    unreadable: Object.entries({ look, minutes, tags, checkout, journal }).flatMap(([what, one]) =>
      one.readable ? [] : [`${what}: ${one.why}`],
    ),
  };
}

/** As the look of this minute, of this generation and split. */
async function lookAgain(
  context: Context,
  deployed: Deployed,
  live: Split | undefined,
  memory: ReadMemory,
  atWork: boolean,
) {
  if (live === undefined) return undefined;
  const { release, generation } = deployed.config;
  if (memory.look !== undefined && !memory.look.key.startsWith(`${release?.id} `)) memory.check = {};
  const minute = Math.floor(context.clock.now() / MINUTE_MS);
  const key = `${release?.id} ${generation} ${live.blue} ${minute} ${atWork}`;
  if (memory.look?.key === key) return memory.look.found;
  const found = await pureLook(context, deployed, live, memory.check, atWork);
  memory.look = { key, found };
  return found;
}

/** Several parts of one reading ask for the same, which may take the engine a second. */
export function askedOnce(context: Context): Context {
  let deployed: Promise<Deployed | undefined> | undefined;
  let checkout: ReturnType<Context["store"]["checkout"]> | undefined;
  const { store } = context;
  return {
    ...context,
    store: {
      ...store,
      deployed: () => (deployed ??= store.deployed()),
      checkout: (of) => (checkout ??= store.checkout(of)),
    },
  };
}

/** Whether somebody may be moving the release on; of one on another machine nobody can tell, so it counts. */
const isAtWork = ({ rollout }: StatusOutcome) =>
  rollout?.standing === "alive" || rollout?.standing === "me" || rollout?.standing === "elsewhere";

function liveOf({ slots: { blue, green } }: StatusOutcome): Split | undefined {
  return blue.liveShare === undefined || green.liveShare === undefined
    ? undefined
    : { blue: blue.liveShare, green: green.liveShare };
}

/** An id of a release is letters, digits and hyphens; anything else names no journal. */
export function journalPath({ releases }: Subject, release: string | undefined): string {
  const id = release !== undefined && /^[\w-]+$/.test(release) ? release : "none";
  return journalIn(releases, id);
}

function emptyState(subject: Subject | undefined): ConsoleState {
  return {
    version: CONSOLE_VERSION,
    at: undefined,
    speed: subject?.speed ?? 1,
    everySeconds: Math.max(1, EVERY_SECONDS / (subject?.speed ?? 1)),
    target: subject?.target,
    status: undefined,
    isUpdating: false,
    splitSince: undefined,
    waits: [],
    nextCheck: undefined,
    wayBack: undefined,
    buttons: [],
    runs: [],
    minutes: undefined,
    evidence: undefined,
    marks: [],
    journal: [],
    tests: undefined,
    config: [],
    unreadable: [],
    failed: undefined,
  };
}

function failedState(error: unknown, subject: Subject | undefined): ConsoleState {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof UserError ? error : undefined;
  const failed = { code: known?.code, message, fix: known?.fix };
  return { ...emptyState(subject), buttons: buttonsUnread(subject?.asTyped), failed };
}
