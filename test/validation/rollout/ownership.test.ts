import { describe, expect, test } from "vitest";
import { showOwner } from "../../../validation/core/owner.ts";
import { rollout, type RolloutOptions } from "../../../validation/rollout/rollout.ts";
import { status } from "../../../validation/insight/status.ts";
import { step } from "../../../validation/rollout/step.ts";
import { worldWithCohort } from "../support/cohort-world.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import type { Update } from "../../../validation/ports.ts";
import { World } from "../support/world.ts";

const owner = (host: string, pid: number) =>
  showOwner({ user: "ann", host, pid, since: "2026-01-01T00:00:00.000Z", run: `${host}-${pid}` });
const ME = owner("box", 1);
const ownedBy = (text: string, percent = 10) => ({
  ...sharing(percent),
  release: { ...sharing(percent).release, owner: text },
});
const options = (alive: readonly number[], takeOver = false): RolloutOptions => ({
  pollMs: 10_000,
  skipTests: true,
  ownership: {
    takeOver,
    // This machine knows the runs of "box" alone.
    fateOfRun(run) {
      if (!run.startsWith("box-")) return "unknown";
      return alive.includes(Number(run.slice("box-".length))) ? "runs" : "ended";
    },
  },
});
const run = (world: World, given: RolloutOptions) => rollout({ ...world.context(), owner: ME }, given);
const notes = (world: World) =>
  world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));

describe("a rollout", () => {
  test("owns what it starts, and says so", async () => {
    const world = new World(candidateReady());
    await run(world, options([1]));
    expect(world.config.release).toMatchObject({ state: "promoted", owner: ME });
    const running = await status(new World(ownedBy(ME)).context());
    expect(running.sentence).toContain(
      "rolled out by ann@box (process 1 on box, since 2026-01-01T00:00:00.000Z)",
    );
  });

  test("leaves a release to the process of this machine that runs it, and changes nothing", async () => {
    const world = new World(ownedBy(owner("box", 2)));
    const told = await run(world, options([1, 2]));
    expect(told).toMatchObject({ exitCode: 10, result: "waits" });
    expect(told.sentence).toContain("belongs to the rollout of ann@box (process 2 on box");
    expect(world.updates).toBe(0);
  });

  test("leaves a release of another machine, and says that it cannot tell whether that still runs", async () => {
    const world = new World(ownedBy(owner("other", 2)));
    const told = await run(world, options([1]));
    expect(told).toMatchObject({ exitCode: 10 });
    expect(told.sentence).toContain("nobody can tell whether it still runs");
    expect(told.sentence).toContain("--force-ownership");
  });

  test("takes over what a process of this machine left behind, with a note, and keeps its bake", async () => {
    const world = new World(ownedBy(owner("box", 9)));
    const liveMs = world.deployedMs;
    world.clock.advance(4 * 60_000);
    let claimed: unknown;
    world.onSleep = () => (claimed ??= world.config.release);
    expect(await run(world, options([1]))).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(notes(world)[1]).toMatch(
      /^taking release v2-g3 over from ann@box \(process 9 .* which has ended$/,
    );
    expect(claimed).toMatchObject({ owner: ME, liveSince: new Date(liveMs).toISOString() });
    expect(world.log[0]).toContain("release v2-g3 is rolled out by ann@box (process 1");
  });

  test("takes over from another machine when it is told to", async () => {
    const world = new World(ownedBy(owner("other", 2)));
    expect(await run(world, options([1], true))).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(world.config.release?.owner).toBe(ME);
    expect(notes(world)[1]).toMatch(/^taking release v2-g3 over from ann@other .*, as asked$/);
  });

  test("leaves when it is taken over from, and does not fight for the release", async () => {
    const world = new World(ownedBy(ME));
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      const release = { ...world.config.release, owner: owner("box", 3) };
      if (sleeps === 2)
        world.apply({ change: { release }, scope: "route", refresh: false, message: "taken" });
    };
    const told = await run(world, options([1, 3], true));
    expect(told).toMatchObject({ exitCode: 10, result: "waits" });
    expect(told.sentence).toContain("process 3");
  });

  test("goes on with its own release after an update that was held up", async () => {
    const world = new World(ownedBy(""));
    world.locks = [{ who: "ci", dead: false }];
    let sleeps = 0;
    world.onSleep = () => {
      sleeps += 1;
      if (sleeps === 4) world.locks = [];
    };
    expect(await run(world, options([1]))).toMatchObject({ result: "promoted" });
    // Only the schedule, which each rollout tells first.
    expect(notes(world)).toEqual([expect.stringContaining("10 → 50 → 100 %")]);
  });

  test("of which two start at once leaves the release to the one that gave it its first users", async () => {
    const world = new World(candidateReady());
    const first = { ...world.context(), owner: owner("box", 2) };
    const started = await step(first, {
      start: true,
      startDeadlineMs: 1e15,
      agreed: undefined,
      skipTests: true,
    });
    expect(started).toMatchObject({ split: { green: 10 } });
    expect(await run(world, options([1, 2]))).toMatchObject({ exitCode: 10 });
    expect(world.updates).toBe(1);
  });
});

describe("a step of a rollout", () => {
  const once = { start: false, startDeadlineMs: 1e15, agreed: undefined } as const;
  const stepBy = (world: World, { ownership }: RolloutOptions, start = false) =>
    step({ ...world.context(), owner: ME }, { ...once, start, ...(ownership && { ownership }) });

  test("that takes a release over looks at it at once", async () => {
    const world = new World(ownedBy(owner("box", 9)));
    world.clock.advance(6 * 60_000);
    expect(await stepBy(world, options([1]))).toMatchObject({ verdict: { kind: "advance" } });
    expect(world.config.release?.owner).toBe(ME);
  });

  test("takes a release over in an update of the route alone, which asks AWS for nothing else", async () => {
    const world = new World(ownedBy(owner("box", 9)));
    const { store, ...rest } = world.context();
    const updates: Update[] = [];
    const apply: typeof store.apply = (update) => {
      updates.push(update);
      return store.apply(update);
    };
    const { ownership } = options([1]);
    const context = { ...rest, owner: ME, store: { ...store, apply } };
    await step(context, { ...once, ...(ownership && { ownership }) });
    expect(updates).toMatchObject([{ scope: "route", refresh: false }]);
  });

  test("says of a release that it takes over as asked that it was asked", async () => {
    const world = new World(ownedBy(owner("other", 2)));
    await stepBy(world, options([1], true));
    expect(notes(world)).toEqual([
      "taking release v2-g3 over from ann@other (process 2 on other, since 2026-01-01T00:00:00.000Z), as asked",
    ]);
  });

  test("that leaves a release to its owner is the last of its rollout, and names whoever that is", async () => {
    const told = await stepBy(new World(ownedBy("workflow 12")), options([1]));
    expect(told).toMatchObject({ exitCode: 10, finished: true });
    expect(told.sentence).toContain("belongs to the rollout of workflow 12; from here nobody can tell");
  });

  test("takes over a paused release, too, which stays paused", async () => {
    const paused = ownedBy(owner("box", 9));
    const world = new World({ ...paused, release: { ...paused.release, state: "paused" } });
    await stepBy(world, options([1]));
    expect(world.config.release).toMatchObject({ owner: ME, state: "paused" });
  });

  test("takes over a release whose cohort has the candidate, and no users", async () => {
    const world = worldWithCohort();
    const theirs = { ...world.context(), owner: owner("box", 9) };
    await rollout(theirs, { ...options([9]), oneStep: true });
    await stepBy(world, options([1]));
    expect(world.config.release).toMatchObject({ owner: ME, cohort: { name: "internal" } });
  });

  test("takes over nothing whose users are elsewhere than was asked for: it only says so", async () => {
    const world = new World(ownedBy(owner("box", 9)));
    world.setLive(70);
    const told = await stepBy(world, options([1]));
    expect(told.situation).toBe("drift");
    expect(world.updates).toBe(0);
  });

  test("starts a candidate that is only deployed, whoever deployed it", async () => {
    const ready = candidateReady();
    const release = { ...ready.release, owner: owner("other", 2) };
    const world = new World({ ...ready, release });
    const told = await stepBy(world, options([1]), true);
    expect(told).toMatchObject({ split: { green: 10 } });
    expect(world.config.release?.owner).toBe(ME);
  });
});

describe("a scheduled step", () => {
  test("moves a release without becoming its owner", async () => {
    const world = new World(ownedBy(owner("other", 2)));
    world.clock.advance(6 * 60_000);
    const once = { start: false, startDeadlineMs: 1e15, agreed: undefined } as const;
    expect(await step({ ...world.context(), owner: ME }, once)).toMatchObject({
      verdict: { kind: "advance" },
    });
    expect(world.config.release?.owner).toBe(owner("other", 2));
  });
});
