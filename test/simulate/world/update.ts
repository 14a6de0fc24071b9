import { isDeepStrictEqual } from "node:util";
import { liveSplit } from "../../../contract/route/live-route.ts";
import type { RouteReading } from "../../../contract/transition/rolled-back.ts";
import { perSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { messageOf } from "../../../validation/reading.ts";
import { groupArn } from "../../validation/support/world.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { Reach } from "../engine/incidents.ts";
import type { AskedUpdate, PastUpdate, StackLock } from "./backend.ts";
import { checkedByProgram, declaredRoute, provenRaise } from "./program.ts";
import type { CloudOfOne } from "./cloud-of-one.ts";

export type Carried =
  | {
      readonly kind: "done";
      readonly entry: PastUpdate;
      readonly changed: number;
      readonly lockLost: boolean;
    }
  | { readonly kind: "locked"; readonly lock: StackLock }
  | { readonly kind: "failed"; readonly message: string };

/**
 * One `pulumi up`: lock, program, refresh, hooks, resources, history, unlock; each of it a call that may fail. What fails
 * in the middle leaves what was done, a state that knows of it as far as the provider had answered, and where the backend
 * cannot be reached any more the lock.
 */
export async function carryOutUpdate(cloud: CloudOfOne, asked: AskedUpdate): Promise<Carried> {
  const { by } = asked;
  by.engineLives = true;
  try {
    return await underLock(cloud, asked);
  } finally {
    by.engineLives = false;
  }
}

/** Assumed, nobody says how long: engine, plugins and modules come from a disk whose cache has none of them yet. */
const SLOW_START = { chance: 0.1, ms: 40_000 };

async function underLock(cloud: CloudOfOne, asked: AskedUpdate): Promise<Carried> {
  const { by } = asked;
  const { backend } = cloud;
  const call = callOf(cloud, by);
  // On a fresh runner or a busy one the engine's start takes far longer (SLOW_START).
  const isSlow = cloud.draw("slow start", by.run, by.calls++) < SLOW_START.chance;
  if (isSlow) backend.begins();
  await cloud.pause(by, "engine starts", 1_500, isSlow ? SLOW_START.ms : 4_000);
  const lock = await call("engine", "taking the lock", () => {
    const taken = backend.take(by, cloud.nowMs());
    return taken ?? backend.lock;
  });
  if (lock === undefined) throw new Error("the lock was there and was not");
  if (lock.holder !== by) return { kind: "locked", lock };
  try {
    const { config, changed } = await resources(cloud, asked, lock);
    const last = backend.last();
    if (last !== asked.knows && backend.lock === lock) backend.undone(asked, last);
    const entry = await call("engine", "writing the history", () =>
      backend.add({
        by,
        raw: asked.raw,
        config,
        message: asked.message,
        succeeded: true,
        endedWallMs: by.clockMs(),
      }),
    );
    const wasThere = await call("engine", "deleting the lock", () => backend.release(lock));
    return { kind: "done", entry, changed, lockLost: !wasThere };
  } catch (error) {
    const message = messageOf(error);
    await call("engine", "writing the history", () => backend.addFailed(by, asked.message)).catch(
      (failed: unknown) => cloud.note(`${by.name} leaves no entry in the history: ${messageOf(failed)}`),
    );
    // Pulumi deletes its lock at its end, however that comes; when it cannot, the lock stays (seen in two-hosts).
    await call("engine", "deleting the lock", () => backend.release(lock)).catch((failed: unknown) =>
      cloud.note(`the lock of ${by.name} stays: ${messageOf(failed)}`),
    );
    return { kind: "failed", message };
  }
}

async function resources(
  cloud: CloudOfOne,
  { by, raw, writer, refresh }: AskedUpdate,
  lock: StackLock,
): Promise<{ readonly config: StackConfig; readonly changed: number }> {
  const { backend, rule } = cloud;
  const call = callOf(cloud, by);
  const before = backend.last().config;
  await cloud.pause(by, "program runs", 1_000, 3_000);
  const { live, shownMs } = await readLive(call, cloud);
  const config = checkedByProgram(before, raw, live, writer);
  if (refresh)
    backend.state = await call("route", "refreshing the route", (staleMs) => ({
      forward: rule.forward(staleMs),
      tags: rule.tags(staleMs),
    }));
  let changed = 0;
  if (!writer.isRouteAlone) changed += tasksOf(cloud, config);
  const to = declaredRoute(config);
  const from = backend.state;
  if (isDeepStrictEqual(from, to)) return { config, changed };
  await provenRaise(before, { from, to }, askedOfAws(call, cloud));
  const knew = shownMs === undefined ? undefined : { deployed: before.split, shownMs };
  const who = { by: by.name, how: "update", beganMs: lock.sinceMs, knew } as const;
  // The provider modifies what differs from the state, and not what differs from the rule as it is.
  if (!isDeepStrictEqual(from.forward, to.forward))
    await call("route", "ModifyRule by the provider", () => rule.modify(to.forward, who));
  const gone = Object.keys(from.tags).filter((key) => !(key in to.tags));
  if (gone.length > 0) await call("tags", "RemoveTags by the provider", () => rule.untag(gone));
  if (!isDeepStrictEqual(from.tags, to.tags))
    await call("tags", "AddTags by the provider", () => rule.tag(to.tags));
  backend.state = to;
  return { config, changed: changed + 1 };
}

type Call = <T>(reach: Reach, what: string, effect: (staleMs: number) => T) => Promise<T>;

const callOf =
  (cloud: CloudOfOne, by: ProcessOnMachine): Call =>
  (reach, what, effect) =>
    cloud.wire.call({ by, reach, what, effect, lives: () => by.lives || by.engineLives });

interface Shown {
  readonly live: RouteReading;
  /** undefined: nothing was shown. */
  readonly shownMs: number | undefined;
}

async function readLive(call: Call, { rule, nowMs }: CloudOfOne): Promise<Shown> {
  try {
    const { groups, shownMs } = await call("route", "reading the route in the program", (staleMs) => ({
      groups: rule.forward(staleMs),
      shownMs: nowMs() - staleMs,
    }));
    return { live: { readable: true, split: liveSplit(groups, perSlot(groupArn)) }, shownMs };
  } catch (error) {
    return { live: { readable: false, why: messageOf(error) }, shownMs: undefined };
  }
}

/** Application Auto Scaling brings each service to its minimum. */
function tasksOf({ tasks, nowMs }: CloudOfOne, { slots }: StackConfig): number {
  const changed = SLOTS.filter((slot) => {
    const { image, minTasks } = slots[slot];
    const wanted = image === undefined ? 0 : minTasks;
    if (tasks.desired(slot, nowMs()) === wanted) return false;
    tasks.ask(slot, wanted, nowMs());
    return true;
  });
  return changed.length;
}

const askedOfAws = (call: Call, cloud: CloudOfOne) => ({
  states: (slot: Slot) =>
    call("health", `targets of ${slot} in the hook`, (staleMs) => {
      const { healthy, unhealthy, initial } = cloud.tasks.targets(slot, cloud.nowMs() - staleMs);
      const named = { healthy, unhealthy, initial };
      return Object.entries(named).flatMap(([state, many]) => Array.from({ length: many }, () => state));
    }),
  service: (slot: Slot) =>
    call("services", `service of ${slot} in the hook`, (staleMs) => cloud.serviceOf(slot, staleMs)),
});
