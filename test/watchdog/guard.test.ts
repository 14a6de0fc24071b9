import { describe, expect, it } from "vitest";
import { PROJECT } from "../support/project.ts";
import type { Notification } from "../../contract/release/notification.ts";
import { readWatchdogMark, routeTags } from "../../contract/route/route-tags.ts";
import { renderForward, SLOT_TAG, type Forward } from "../../contract/route/route.ts";
import { perSlot, SLOTS } from "../../contract/slot.ts";
import { splitOf } from "../../contract/route/split.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { AlarmComparison } from "../../watchdog/alarm-explained.ts";
import type { Trigger } from "../../watchdog/watched.ts";
import { guard as guardWith } from "../../watchdog/guard.ts";
import type { Ports } from "../../watchdog/ports.ts";
import { rawConfig } from "../support/written-config.ts";
import { sharing } from "../validation/support/samples.ts";

const ROUTE = "arn:route";
const groups = perSlot((slot) => `arn:${slot}`);
const NOW = Date.UTC(2026, 0, 1, 12);

function given() {
  const parsed = parseConfig(rawConfig({ ...sharing(50), service: { stickinessSeconds: 600 } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const world = {
    log: [] as string[],
    forward: renderForward(splitOf("blue", 50), groups, 600) as Forward,
    tags: { ...routeTags({ project: PROJECT, stack: "prod" }, parsed.config) } as Record<string, string>,
    registered: 2,
    messages: [] as Notification[],
    counted: 0,
    counts: undefined as AlarmComparison["counts"],
    failing: "",
    key: "error-rate",
    releaseId: parsed.config.release?.id,
  };
  const failing = (what: string) => {
    if (world.failing === what) throw new Error(`${what} is down`);
  };
  const ports: Ports = {
    id: "one",
    now: () => NOW,
    wait: async () => {},
    read: async () => ({ routeArn: ROUTE, groups: world.forward.groups }),
    tags: async () =>
      new Map([[ROUTE, world.tags], ...SLOTS.map((slot) => [groups[slot], { [SLOT_TAG]: slot }] as const)]),
    registered: async () => world.registered,
    write: async (forward) => {
      failing("write");
      world.log.push("write");
      world.forward = forward;
    },
    tag: async (key, value) => {
      failing("tag");
      world.log.push("tag");
      world.tags[key] = value;
    },
    failing: async (slotAlarm) => {
      failing("failing");
      const reason = `${slotAlarm}-${world.key}: 0.2 was greater than the threshold 0.05`;
      return [{ key: world.key, sinceMs: NOW, reason }];
    },
    breachingSince: async () => 3,
    compared: async () => {
      failing("compared");
      return { hitsBoth: false, counts: world.counts };
    },
    count: async () => {
      failing("count");
      world.counted += 1;
    },
    notify: async (notification) => {
      failing("notify");
      world.messages.push(notification);
    },
    log: () => {},
  };
  return { world, ports };
}
const woken: Trigger = { kind: "alarm", slot: "green", atMs: NOW, reason: "stack-green went into ALARM" };
const guard = (ports: Ports, trigger: Trigger) =>
  guardWith(ports, trigger, { blue: "stack-blue", green: "stack-green" });

describe("the watchdog's emergency write", () => {
  it("moves everyone once it has said so, frees pinned users, and leaves its reason in tags, metric and message", async () => {
    const { world, ports } = given();
    expect(await guard(ports, woken)).toMatchObject({ written: true });
    expect(world.forward).toEqual(renderForward(splitOf("blue", 0), groups, 600));
    expect(world.forward.stickiness.enabled).toBe(false);
    expect(world.log).toEqual(["tag", "write", "tag", "tag"]);
    expect(readWatchdogMark(world.tags)).toEqual({
      releaseId: world.releaseId,
      atMs: NOW,
      reason: "stack-green-error-rate: 0.2 was greater than the threshold 0.05",
    });
    expect(world.counted).toBe(1);
    expect(world.messages).toEqual([
      {
        kind: "watchdog",
        stack: "fraud-model/prod",
        releaseId: world.releaseId,
        reason: "stack-green-error-rate: 0.2 was greater than the threshold 0.05",
      },
    ]);
  });

  it.each(["tag", "failing", "compared", "count", "notify"])(
    "is not undone or stopped by %s being down",
    async (failing) => {
      const { world, ports } = given();
      world.failing = failing;
      expect(await guard(ports, woken)).toMatchObject({ written: true });
      expect(world.forward.groups).toMatchObject([{ weight: 100 }, { weight: 0 }]);
    },
  );

  it("fails when the load balancer does not take it, so that Lambda calls again", async () => {
    const { world, ports } = given();
    world.failing = "write";
    await expect(guard(ports, woken)).rejects.toThrow("write is down");
  });

  it("fails when the route does not show it", async () => {
    const { ports } = given();
    await expect(guard({ ...ports, write: async () => {} }, woken)).rejects.toThrow(
      "the route does not show blue 100 % · green 0 %",
    );
  });

  it("fails when nobody can tell what the route shows", async () => {
    const { world, ports } = given();
    const unclear = { ...world.forward, groups: [{ arn: "arn:other", weight: 100 }] };
    const write = async () => void (world.forward = unclear);
    await expect(guard({ ...ports, write }, woken)).rejects.toThrow(
      "the route does not show blue 100 % · green 0 %",
    );
    expect(readWatchdogMark(world.tags)).toBeUndefined();
  });

  it("never sends everyone to a slot without a registered task, and says so", async () => {
    const { world, ports } = given();
    world.registered = 0;
    await expect(guard(ports, woken)).rejects.toThrow("blue has no registered task");
    expect(world.log).not.toContain("write");
    expect(world.messages).toMatchObject([{ kind: "needsPerson" }]);
  });

  it("is not made for an alarm that a candidate as good as the active slot would show, too", async () => {
    const { world, ports } = given();
    const usual = { exposure: 100_000, events: 2_000 };
    world.counts = { candidate: { exposure: 100, events: 6 }, active: { exposure: 900, events: 18 }, usual };
    expect(await guard(ports, woken)).toMatchObject({ written: false });
    expect(world.log).toEqual([]);
    world.counts = { ...world.counts, candidate: { exposure: 100, events: 20 } };
    expect(await guard(ports, woken)).toMatchObject({ written: true });
  });

  it("is not made for requests without an answer while users stay on their slot, not even blindly", async () => {
    const { world, ports } = given();
    world.key = "unanswered-rate";
    const usual = { exposure: 100_000, events: 0 };
    world.counts = {
      candidate: { exposure: 960, events: 600 },
      active: { exposure: 3_240, events: 3 },
      usual,
    };
    expect(await guard(ports, woken)).toMatchObject({ written: false });
    world.failing = "compared";
    expect(await guard(ports, woken)).toMatchObject({ written: false });
    expect(world.log).toEqual([]);
  });

  it("happens once: called again there is nothing to roll back", async () => {
    const { world, ports } = given();
    await guard(ports, woken);
    expect(await guard(ports, woken)).toMatchObject({ written: false, decision: { kind: "leave" } });
    expect(world.counted).toBe(1);
  });
});
