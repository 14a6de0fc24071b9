import { PROJECT } from "../../support/project.ts";
import type { Notification } from "../../../contract/release/notification.ts";
import { routeTags } from "../../../contract/route/route-tags.ts";
import { renderForward, SLOT_TAG, type Forward } from "../../../contract/route/route.ts";
import { perSlot, SLOTS } from "../../../contract/slot.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { Trigger } from "../../../watchdog/watched.ts";
import { guard } from "../../../watchdog/guard.ts";
import type { Ports } from "../../../watchdog/ports.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";

const ROUTE = "arn:route";
const groups = perSlot((slot) => `arn:${slot}`);
/** What a call to AWS takes. */
const STEP_MS = 200;
/** How many calls to AWS the others make at least while one pauses. */
const STEPS_IN_A_PAUSE = 4;

/** A route of which green has half, and what is told of it. Nothing in it takes time but `nowMs`. */
export function sharedRoute(written: WrittenConfig) {
  const parsed = parseConfig(rawConfig({ ...written, service: { stickinessSeconds: 600 } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    nowMs: Date.UTC(2026, 0, 1, 0, 10),
    failing: true,
    forward: renderForward(splitOf("blue", 50), groups, 600) as Forward,
    tags: { ...routeTags({ project: PROJECT, stack: "prod" }, parsed.config) } as Record<string, string>,
    registered: { blue: 2, green: 2 },
    writes: 0,
    counted: 0,
    messages: [] as Notification[],
    unreachable: new Set<string>(),
    get share() {
      return this.forward.groups.find(({ arn }) => arn === groups.green)?.weight;
    },
  };
}
export type SharedRoute = ReturnType<typeof sharedRoute>;

interface Pending {
  readonly name: string;
  readonly sinceStep: number;
  readonly untilMs: number;
  readonly go: () => void;
}

/** A call of the watchdog that makes one step (a call to AWS, or its pause) when it is told to. */
export interface Call {
  readonly pending: () => Pending | undefined;
  readonly steps: () => number;
  /** The process ends here, and what it would have done is never done. */
  kill(): void;
}

let calls = 0;

export function begin(world: SharedRoute, trigger: Trigger): Call {
  let pending: Pending | undefined;
  let steps = 0;
  let killed = false;
  const step =
    <A extends readonly unknown[], T>(name: string, effect: (...given: A) => T, pauseMs = 0) =>
    (...given: A) =>
      new Promise<T>((resolve, reject) => {
        const go = () => {
          pending = undefined;
          steps += 1;
          world.nowMs += STEP_MS;
          if (world.unreachable.has(name)) reject(new Error(`${name} is down`));
          else resolve(effect(...given));
        };
        pending = { name, sinceStep: steps, untilMs: world.nowMs + pauseMs, go };
      });
  const ports: Ports = {
    id: `call-${++calls}`,
    now: () => world.nowMs,
    read: step("read", () => ({ routeArn: ROUTE, groups: world.forward.groups })),
    tags: step(
      "tags",
      () =>
        new Map<string, Readonly<Record<string, string>>>([
          [ROUTE, { ...world.tags }],
          ...SLOTS.map((slot) => [groups[slot], { [SLOT_TAG]: slot }] as const),
        ]),
    ),
    registered: step("registered", (arn: string) => world.registered[arn === groups.blue ? "blue" : "green"]),
    write: step("write", (forward: Forward) => {
      world.writes += 1;
      world.forward = forward;
    }),
    tag: step("tag", (key: string, value: string) => {
      world.tags[key] = value;
    }),
    failing: step("failing", (slotAlarm: string) =>
      world.failing
        ? [{ key: "error-rate", sinceMs: undefined, reason: `${slotAlarm}-error-rate: 0.2 > 0.05` }]
        : [],
    ),
    compared: step("compared", () => ({ hitsBoth: false, counts: undefined })),
    breachingSince: step("breachingSince", () => 3),
    count: step("count", () => {
      world.counted += 1;
    }),
    notify: step("notify", (notification: Notification) => {
      world.messages.push(notification);
    }),
    wait: (ms) => step("wait", () => {}, ms)(),
    log: () => {},
  };
  const alarms = { blue: "stack-blue", green: "stack-green" };
  // A call that fails is called again by Lambda; these stories say when.
  void guard(ports, trigger, alarms).catch(() => {});
  return {
    pending: () => (killed ? undefined : pending),
    steps: () => steps,
    kill: () => {
      killed = true;
    },
  };
}

/** Until whoever was answered has asked for its next step, or ended. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Makes steps of the calls until all have ended, always of the one that `choose` names of those that may go on. A pause
 * lasts longer than a few calls to AWS do, and those that pause go on in the order in which they began.
 */
export async function interleave(
  world: SharedRoute,
  together: readonly Call[],
  choose: (ready: readonly Call[]) => Call | undefined,
): Promise<void> {
  const pausing = new Map<Call, readonly number[]>();
  for (;;) {
    await settled();
    for (const call of together) {
      if (call.pending()?.name !== "wait") pausing.delete(call);
      else if (!pausing.has(call)) {
        pausing.set(
          call,
          together.map((one) => one.steps()),
        );
      }
    }
    const mayEnd = (call: Call) => {
      const since = pausing.get(call);
      if (since === undefined) return true;
      const first = [...pausing.keys()][0];
      return (
        call === first &&
        together.every(
          (one, at) =>
            pausing.has(one) ||
            one.pending() === undefined ||
            one.steps() - (since[at] ?? 0) >= STEPS_IN_A_PAUSE,
        )
      );
    };
    const ready = together.filter((call) => call.pending() !== undefined && mayEnd(call));
    if (ready.length === 0) return;
    const next = choose(ready) ?? ready[0];
    const pending = next?.pending();
    if (pending === undefined) return;
    world.nowMs = Math.max(world.nowMs, pending.untilMs);
    pending.go();
  }
}

/** Runs one call alone to its end. */
export const alone = (world: SharedRoute, trigger: Trigger) =>
  interleave(world, [begin(world, trigger)], () => undefined);
