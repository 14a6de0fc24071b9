import type { Notification } from "../contract/release/notification.ts";
import { BY_HAND } from "../contract/route/route-tags.ts";
import {
  readTelling,
  TOLD_TAGS,
  writeTelling,
  type Telling,
  type ToldKind,
} from "../contract/alarms/telling.ts";
import { DEAD_CALL_MS } from "../contract/alarms/watchdog.ts";
import { attempt } from "./attempt.ts";
import type { Ports } from "./ports.ts";

/**
 * One of several calls at once tells people. ELB knows no write on a condition, so a call that has something to tell
 * reads the tag, writes its own name there, waits for longer than another call's same two steps take, and reads again:
 * whose name stands then, tells (Fischer's algorithm; Lamport, "A Fast Mutual Exclusion Algorithm", 1987, section 2).
 * A call that is slower than the pause begins anew. Whatever cannot be had (the tag, the answer) is taken for leave to
 * tell: people are told twice rather than never.
 */
export const PAUSE_MS = 5_000;
const ROUNDS = 2;
export interface Message {
  readonly routeArn: string;
  readonly kind: ToldKind;
  /** Or `manual`. */
  readonly releaseId: string;
  readonly reason: string;
  readonly stack: string;
  /** Who was told of this release since then was told of this, epoch milliseconds. */
  readonly toldSinceMs: number;
}

/** Leave to tell. `sure`: unless another call's name stands there after the pause. */
export interface Claimed {
  readonly sure: boolean;
  readonly atMs: number;
}

const NOTIFIED = { rolledBack: "watchdog", late: "needsPerson", stuck: "needsPerson" } as const;

/** Takes it on to tell people; undefined: another call does, or has. */
export async function claim(ports: Ports, message: Message): Promise<Claimed | undefined> {
  const { kind, releaseId, reason } = message;
  for (let round = 1; ; round++) {
    const beganMs = ports.now();
    const found = await attempt(ports, "who tells people", () => tellingNow(ports, message));
    if (isTold(found, message, ports)) return undefined;
    const own = writeTelling({ state: "claimed", by: ports.id, atMs: ports.now(), releaseId, reason });
    const written = await attempt(ports, "the tag", async () => {
      await ports.tag(TOLD_TAGS[kind], own);
      return true;
    });
    const atMs = ports.now();
    if (written === undefined) return { sure: false, atMs };
    if (atMs - beganMs <= PAUSE_MS || round === ROUNDS) return { sure: true, atMs };
  }
}

/** Tells people, unless another call's claim has come after this one. What could not be sent is told by a later call. */
export async function tell(ports: Ports, { sure, atMs }: Claimed, message: Message): Promise<void> {
  const { kind, releaseId, reason, stack } = message;
  if (sure) {
    await ports.wait(atMs + PAUSE_MS - ports.now());
    const found = await attempt(ports, "who tells people", () => tellingNow(ports, message));
    if (isTold(found, message, ports)) return;
  }
  const release = releaseId === BY_HAND ? undefined : releaseId;
  const notification: Notification = { kind: NOTIFIED[kind], stack, releaseId: release, reason };
  if (kind === "rolledBack") await attempt(ports, "the metric", () => ports.count(stack));
  const sent = await attempt(ports, "the message", async () => {
    await ports.notify(notification);
    return true;
  });
  if (sent === undefined) return;
  const done = writeTelling({ state: "told", by: ports.id, atMs: ports.now(), releaseId, reason });
  await attempt(ports, "the tag", () => ports.tag(TOLD_TAGS[kind], done));
}

export async function tellOnce(ports: Ports, message: Message): Promise<void> {
  const claimed = await claim(ports, message);
  if (claimed !== undefined) await tell(ports, claimed, message);
}

async function tellingNow(ports: Ports, { routeArn, kind }: Message): Promise<Telling | undefined> {
  return readTelling((await ports.tags([routeArn])).get(routeArn) ?? {}, kind);
}

/** Whether another call tells people of this, or any has told them. */
function isTold(found: Telling | undefined, { releaseId, toldSinceMs }: Message, ports: Ports): boolean {
  if (found === undefined || found.releaseId !== releaseId) return false;
  if (found.state === "told") return found.atMs >= toldSinceMs;
  return found.by !== ports.id && ports.now() - found.atMs < DEAD_CALL_MS;
}
