import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { exitCodeOf, interruptible, type Interrupt } from "../../cli/interruption.ts";
import { describeLeft, leftBehind } from "../../validation/stack/interrupted.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { promoted, sharing } from "../validation/support/samples.ts";
import { World } from "../validation/support/world.ts";

/** A flow that a test interrupts. */
function stage(world: World) {
  const signals = new EventEmitter();
  const said: string[] = [];
  const cancelled: Interrupt[] = [];
  const left: Interrupt[] = [];
  const context = world.context();
  const interruption = interruptible(context, {
    signals,
    cancel: (signal) => cancelled.push(signal),
    tell: (line) => said.push(line),
    leave: (signal) => left.push(signal),
  });
  return { signals, said, cancelled, left, context, interruption };
}

describe("a verb that is interrupted", () => {
  it("has its update end first, says so, and begins nothing more", async () => {
    const world = new World(sharing(10));
    const { signals, said, cancelled, context, interruption } = stage(world);
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const { promise: may, resolve: let_ } = Promise.withResolvers<void>();
    const apply = context.store.apply;
    context.store.apply = async (update) => {
      begin();
      await may;
      return apply(update);
    };
    const change = { change: { generation: "9" }, scope: "route", refresh: false, message: "m" } as const;
    const first = interruption.context.store.apply(change);
    await began;
    signals.emit("SIGINT");
    let happened = false;
    const over = interruption.happened.then((signal) => {
      happened = true;
      return signal;
    });
    await Promise.resolve();
    expect(happened).toBe(false);
    expect(said).toEqual(["SIGINT: an update is under way and ends first; once more: at once"]);
    expect(cancelled).toEqual(["SIGINT"]);
    let_();
    await first;
    expect(await over).toBe("SIGINT");
    const updates = world.updates;
    void interruption.context.store.apply(change);
    void interruption.context.route.write("arn", world.forward);
    await Promise.resolve();
    expect([world.updates, world.emergencyWrites]).toEqual([updates, 0]);
  });

  it("ends at once when a second signal comes, and takes its listeners along", () => {
    const { signals, left, interruption } = stage(new World(sharing(10)));
    signals.emit("SIGTERM");
    signals.emit("SIGINT");
    expect(left).toEqual(["SIGINT"]);
    interruption.dispose();
    expect(signals.listenerCount("SIGINT") + signals.listenerCount("SIGTERM")).toBe(0);
  });

  it("says who has users now and how to go on or back, of a rollout with users on the candidate", async () => {
    const world = new World(sharing(10));
    const { signals, interruption } = stage(world);
    world.onSleep = () => void signals.emit("SIGINT");
    void rollout(interruption.context, { pollMs: 1_000 }).catch(() => {});
    await interruption.happened;
    const { release } = world.config;
    expect(await leftBehind(world.context())).toBe(
      `Release ${release?.id} is running: ${world.live.green} % of the users are on green, and this command watches them no more. ` +
        "Go on: npx bluegreen rollout. All traffic back: npx bluegreen revert.",
    );
  });

  it("says that nobody is on the candidate, or that no release is under way", async () => {
    const world = new World(sharing(10));
    const alone = { readable: true, value: { blue: 100, green: 0 } } as const;
    expect(describeLeft(world.config.release, alone)).toContain(
      "without users: all traffic is on blue. Go on: the same",
    );
    expect(describeLeft(new World(promoted()).config.release, alone)).toContain("no release is under way");
  });

  it("says that it could not read where users are", async () => {
    const world = new World(sharing(10));
    world.failing.route = "no network";
    expect(await leftBehind(world.context())).toBe(
      "Where users are could not be read (no network). See: npx bluegreen status. All traffic back: npx bluegreen revert.",
    );
  });

  it("has the exit code of the signal", () => {
    expect([exitCodeOf("SIGINT"), exitCodeOf("SIGTERM")]).toEqual([130, 143]);
  });
});
