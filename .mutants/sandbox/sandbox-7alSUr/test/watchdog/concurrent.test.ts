import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWatchdogMark } from "../../contract/route/route-tags.ts";
import { DEAD_CALL_MS } from "../../contract/alarms/watchdog.ts";
import { GRACE_MS } from "../../watchdog/decide.ts";
import type { Trigger } from "../../watchdog/watched.ts";
import { sharing } from "../validation/support/samples.ts";
import { alone, begin, interleave, sharedRoute, type Call, type SharedRoute } from "./support/calls.ts";

const alarm: Trigger = { kind: "alarm", slot: "green", atMs: 0, reason: "stack-green went into ALARM" };
const schedule: Trigger = { kind: "schedule" };
/** More than a call has steps. */
const MOST = 18;
const UP_TO = Array.from({ length: MOST }, (_, steps) => steps);

const told = ({ messages }: SharedRoute, kind = "watchdog") =>
  messages.filter((one) => one.kind === kind).length;
const given = () => sharedRoute(sharing(50));

/** The first call makes so many steps, then the second, the first again; then the second to its end, and the first. */
function switching(first: Call, second: Call, counts: readonly number[]) {
  const turns = counts.flatMap((count, at) => Array.from({ length: count }, () => (at % 2 ? second : first)));
  return (ready: readonly Call[]) => {
    const wanted = turns.shift() ?? second;
    return ready.includes(wanted) ? wanted : ready[0];
  };
}

/** The schedule's calls of the next minutes. */
async function minutes(world: SharedRoute, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    world.nowMs += 60_000;
    await alone(world, schedule);
  }
}

describe("two calls of the watchdog at once", () => {
  it.each([
    ["the alarm's and the schedule's", alarm, schedule],
    ["the schedule's and the alarm's", schedule, alarm],
    ["one event's, which Lambda has twice", alarm, alarm],
  ] as const)(
    "%s: wherever one stops and the other goes on, users are back and people are told once",
    async (_title, one, other) => {
      for (const i of UP_TO) {
        for (const j of UP_TO) {
          for (const k of [0, 2, 5, 9]) {
            const world = given();
            const first = begin(world, one);
            const second = begin(world, other);
            await interleave(world, [first, second], switching(first, second, [i, j, k]));
            const seen = { i, j, k, share: world.share, told: told(world), counted: world.counted };
            expect(seen).toEqual({ i, j, k, share: 0, told: 1, counted: 1 });
            expect(readWatchdogMark(world.tags)).toBeDefined();
          }
        }
      }
    },
  );

  it("or three, in any order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(2)), async (turns) => {
        const world = given();
        const together = [alarm, schedule, alarm].map((trigger) => begin(world, trigger));
        await interleave(world, together, (ready) => ready[(turns.next().value ?? 0) % ready.length]);
        expect([world.share, told(world), world.counted]).toEqual([0, 1, 1]);
      }),
      { numRuns: 300 },
    );
  });

  it("write the route once when one has written before the other does, and the same when not", async () => {
    const world = given();
    const [first, second] = [begin(world, alarm), begin(world, schedule)];
    const beforeItsWrite = (call: Call) => call.pending()?.name === "write";
    await interleave(world, [first, second], (ready) =>
      beforeItsWrite(first) && !beforeItsWrite(second) ? ready[1] : ready[0],
    );
    expect(world.writes).toBeLessThanOrEqual(2);
    const later = given();
    const [early, late] = [begin(later, alarm), begin(later, schedule)];
    await interleave(later, [early, late], switching(early, late, [MOST]));
    expect([later.writes, told(later)]).toEqual([1, 1]);
  });

  it("call one person for a deadline that the policy leaves to people", async () => {
    for (const i of UP_TO) {
      for (const j of UP_TO) {
        const world = late();
        const [first, second] = [begin(world, schedule), begin(world, schedule)];
        await interleave(world, [first, second], switching(first, second, [i, j]));
        await minutes(world, 3);
        expect([i, j, world.share, told(world, "needsPerson")]).toEqual([i, j, 50, 1]);
      }
    }
  });

  it("call one person when the active slot has nobody to move users back", async () => {
    for (const i of UP_TO) {
      const world = given();
      world.registered.blue = 0;
      const [first, second] = [begin(world, alarm), begin(world, schedule)];
      await interleave(world, [first, second], switching(first, second, [i]));
      expect([i, world.share, told(world, "needsPerson")]).toEqual([i, 50, 1]);
    }
  });
});

/** A step that is past its deadline, with nothing else wrong. */
function late(): SharedRoute {
  const world = given();
  world.failing = false;
  world.nowMs += GRACE_MS + 10_000;
  const at = new Date(world.nowMs - GRACE_MS - 10_000).toISOString();
  world.tags["deploy:deadline"] = at;
  return world;
}

describe("a call that is killed", () => {
  it("anywhere: users are back and people are told within two minutes, by the schedule's calls", async () => {
    for (const i of UP_TO) {
      const world = given();
      const call = begin(world, alarm);
      let steps = 0;
      await interleave(world, [call], () => {
        if (steps++ === i) call.kill();
        return undefined;
      });
      const before = told(world);
      await minutes(world, 2);
      expect([i, world.share]).toEqual([i, 0]);
      // Once more than once where nobody can know: killed after the message, before it is written down.
      expect([1, 1 + before]).toContain(told(world));
      await minutes(world, 70);
      expect([1, 1 + before]).toContain(told(world));
    }
  });

  it("while another one relies on it, anywhere: people are told all the same", async () => {
    for (const i of UP_TO) {
      for (const j of UP_TO) {
        const world = given();
        const [first, second] = [begin(world, alarm), begin(world, schedule)];
        const turns = switching(first, second, [i, j]);
        await interleave(world, [first, second], (ready) => {
          if (first.steps() === i && second.steps() >= j) first.kill();
          return turns(ready.filter((call) => call.pending() !== undefined));
        });
        await minutes(world, 3);
        expect([i, j, world.share]).toEqual([i, j, 0]);
        expect([i, j, told(world) >= 1 && told(world) <= 2]).toEqual([i, j, true]);
      }
    }
  });

  it("after its write is spoken for by one of two calls that find nobody told, and not before it must be dead", async () => {
    for (const i of UP_TO) {
      const world = given();
      const dead = begin(world, alarm);
      await interleave(world, [dead], () => {
        if (world.writes > 0) dead.kill();
        return undefined;
      });
      world.nowMs += DEAD_CALL_MS / 2;
      await alone(world, schedule);
      expect(told(world)).toBe(0);
      world.nowMs += DEAD_CALL_MS;
      const [first, second] = [begin(world, schedule), begin(world, schedule)];
      await interleave(world, [first, second], switching(first, second, [i]));
      expect([i, told(world)]).toEqual([i, 1]);
      expect(world.messages[0]?.reason).toContain("stack-green-error-rate: 0.2");
    }
  });
});

describe("people are told", () => {
  it("by a later call when the message could not be sent, until it can", async () => {
    const world = given();
    world.unreachable.add("notify");
    await alone(world, alarm);
    await minutes(world, 3);
    expect([world.share, told(world)]).toEqual([0, 0]);
    world.unreachable.clear();
    await minutes(world, 10);
    expect(told(world)).toBe(1);
  });

  it("rather twice than never where the route takes no tags", async () => {
    const world = given();
    world.unreachable.add("tag");
    await Promise.all([alone(world, alarm), alone(world, schedule)]);
    expect(world.share).toBe(0);
    expect(told(world)).toBeGreaterThanOrEqual(1);
  });

  it("again when an update gave the candidate its share again and it was taken once more", async () => {
    const world = given();
    const { forward } = world;
    await alone(world, alarm);
    world.nowMs += 60_000;
    world.forward = forward;
    await alone(world, schedule);
    expect([world.share, told(world)]).toEqual([0, 2]);
  });

  it("nothing of a call that died before it moved anybody, while its users are where they were", async () => {
    const world = given();
    const call = begin(world, alarm);
    await interleave(world, [call], () => {
      if (call.pending()?.name === "write") call.kill();
      return undefined;
    });
    world.failing = false;
    await minutes(world, 5);
    expect([world.share, told(world)]).toEqual([50, 0]);
  });
});
