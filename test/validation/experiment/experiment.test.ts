import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import {
  experimentStatus,
  startExperiment,
  stopExperiment,
} from "../../../validation/experiment/experiment.ts";
import { step } from "../../../validation/rollout/step.ts";
import { promoteNow } from "../../../validation/steering/promote.ts";
import { resume } from "../../../validation/steering/steering.ts";
import type { Context } from "../../../validation/ports.ts";
import { killedAt } from "../support/killed-at.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const VISITS_A_MINUTE = 40;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const WANTED = { signal: "conversion", percent: 50, days: 2, smallestPoints: undefined };

const conversion = {
  name: "conversion",
  better: "higher",
  source: { from: "log", numerator: "Purchases", denominator: "Visits" },
};

/** A candidate that waits for its first users; of ten requests so many are purchases on each slot. */
function world({
  rates = { blue: 0.1, green: 0.1 },
  raw = candidateReady(),
  stickinessSeconds = 3600,
}: {
  readonly rates?: { readonly blue: number; readonly green: number };
  readonly raw?: Record<string, unknown>;
  readonly stickinessSeconds?: number;
} = {}): World {
  const made = new World({ ...raw, signals: [conversion], service: { stickinessSeconds } });
  made.signals = (atMs, { metricName, dimensions }) => {
    const slot = dimensions["Slot"] === "blue" ? "blue" : "green";
    const visits = (VISITS_A_MINUTE * made.liveAt(atMs)[slot]) / 100;
    return metricName === "Visits" ? visits : visits * rates[slot];
  };
  return made;
}

const look = (one: World) =>
  step(one.context(), { start: true, startDeadlineMs: Infinity, agreed: undefined, skipTests: true });

/** Looks after these hours, until it is over. */
async function hours(one: World, ...after: readonly number[]) {
  let last = await look(one);
  for (const hour of after) {
    if (last.finished) break;
    one.clock.advance(hour * HOUR);
    last = await look(one);
  }
  return last;
}

describe("an experiment", () => {
  it("begins with a candidate without users, and gives it the split at once and no other", async () => {
    const one = world();
    const started = await startExperiment(one.context(), WANTED);
    expect(started).toMatchObject({ exitCode: 0, changed: true });
    expect(one.live).toEqual({ blue: 100, green: 0 });
    await look(one);
    expect(one.live).toEqual({ blue: 50, green: 50 });
    await hours(one, 5);
    expect(one.live).toEqual({ blue: 50, green: 50 });
    expect(await experimentStatus(one.context())).toMatchObject({
      running: true,
      sentence: expect.stringMatching(
        /^experiment on conversion: no difference larger than \S+ points so far/,
      ),
      look: { outcome: "open" },
    });
  });

  it("says the same when it is started twice, as after a kill", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    expect(await startExperiment(one.context(), WANTED)).toMatchObject({ exitCode: 0, changed: false });
    expect(one.updates).toBe(1);
  });

  it.each(["before", "after"] as const)(
    "stands and ends alike wherever its commands are killed, %s a call",
    async (when) => {
      const flow = async (context: Context) => {
        await startExperiment(context, WANTED);
        return stopExperiment(context, "").catch((error: unknown) => error);
      };
      const counted = killedAt(world().context(), Number.POSITIVE_INFINITY, "before");
      await flow(counted.context);
      for (let n = 1; n <= counted.calls(); n++) {
        const one = world();
        const cut = killedAt(one.context(), n, when);
        await Promise.race([flow(cut.context), cut.killed]);
        await flow(one.context());
        expect({ n, experiment: one.config.release?.experiment, live: one.live }).toEqual({
          n,
          experiment: undefined,
          live: { blue: 100, green: 0 },
        });
      }
    },
  );

  it("ends by its rule when the candidate is better, and waits for a person who decides", async () => {
    const one = world({ rates: { blue: 0.1, green: 0.15 } });
    await startExperiment(one.context(), WANTED);
    const done = await hours(one, 6, 14);
    expect(done).toMatchObject({ exitCode: 10, finished: true });
    expect(done.sentence).toMatch(
      /ended: green is better by \S+ to \S+ points; to go on: npx bluegreen resume/,
    );
    expect(one.clock.now() - one.bornMs).toBeLessThan(DAY);
    expect(one.config.release).toMatchObject({
      state: "paused",
      experiment: { ended: { outcome: "better" } },
    });
    expect(one.live).toEqual({ blue: 50, green: 50 });
    await resume(one.context());
    await hours(one, 1, 1, 1);
    expect(one.live.green).toBe(100);
  });

  it("calls a candidate worse that sells less, by as many points", async () => {
    const one = world({ rates: { blue: 0.1, green: 0.05 } });
    await startExperiment(one.context(), WANTED);
    expect((await hours(one, 6, 14)).sentence).toMatch(/green is worse by \S+ to \S+ points/);
  });

  it("ends with its days, and says how large a difference there can be at most", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    const done = await hours(one, 6, 42.2);
    expect(done.sentence).toMatch(/has ended: no difference larger than \S+ points/);
    expect(one.clock.now() - one.bornMs).toBeGreaterThan(2 * DAY);
    expect(one.config.release?.experiment?.ended).toMatchObject({ outcome: "open" });
  });

  it("ends sooner when no difference worth having is left", async () => {
    const one = world();
    await startExperiment(one.context(), { ...WANTED, smallestPoints: 5 });
    await hours(one, 6, 14);
    expect(one.config.release?.experiment?.ended).toMatchObject({ outcome: "alike" });
    expect(one.clock.now() - one.bornMs).toBeLessThan(DAY);
  });

  it("looks again where its signal cannot be read just when its days are over", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await hours(one, 6, 41.5);
    one.failing.metrics = "ThrottlingException";
    const blind = await hours(one, 0.25, 0.5);
    expect(one.config.release?.experiment?.ended).toBeUndefined();
    expect(blind.sentence).toContain("nothing can be said");
    one.failing = {};
    const done = await hours(one, 0.25, 0.5);
    expect(done.sentence).toMatch(/has ended: no difference larger than \S+ points/);
  });

  it("ends without a claim where its signal is not counted", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    one.signals = () => undefined;
    const done = await hours(one, 6, 43.2);
    expect(done.finished).toBe(true);
    expect(one.config.release?.experiment?.ended).toMatchObject({
      outcome: "open",
      sentence: expect.stringContaining("nothing can be said"),
    });
  });

  it("says nothing while one slot's signal is counted no more", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await hours(one, 6);
    const counted = one.signals;
    const stoppedMs = one.clock.now();
    one.signals = (atMs, metric) =>
      metric.dimensions["Slot"] === "green" && atMs >= stoppedMs ? undefined : counted(atMs, metric);
    one.clock.advance(HOUR);
    expect((await experimentStatus(one.context())).unreadable).toMatch(
      /^nothing was counted of green in the last 49 minutes, in which it had \d+ requests; about 980 were due$/,
    );
  });

  it("keeps its guardrails: a candidate that fails goes back, and the experiment is over", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await hours(one, 2);
    one.failureRate.green = 0.3;
    const done = await hours(one, 2);
    expect(done.exitCode).toBe(20);
    expect(one.live).toEqual({ blue: 100, green: 0 });
    expect(await experimentStatus(one.context())).toMatchObject({
      running: false,
      sentence: expect.stringContaining("over without a result: release v2-g3 is rolled back"),
    });
  });

  it("is not passed over by a promotion", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await hours(one, 2);
    const promotion = promoteNow(one.context(), { reason: "now", withoutEvidence: false });
    await expect(promotion).rejects.toMatchObject({ code: "BG374" });
  });

  it("is stopped by a person with what it says so far", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await hours(one, 2);
    const stopped = await stopExperiment(one.context(), "no time");
    expect(stopped.sentence).toMatch(/is stopped: no difference larger than \S+ points/);
    expect(one.config.release).toMatchObject({ state: "paused", weight: 50 });
    expect(one.live).toEqual({ blue: 50, green: 50 });
    await expect(stopExperiment(one.context(), "")).rejects.toMatchObject({ code: "BG373" });
  });

  it("leaves a release to its own steps when it is stopped before the first user", async () => {
    const one = world();
    await startExperiment(one.context(), WANTED);
    await stopExperiment(one.context(), "");
    await look(one);
    expect(one.live).toEqual({ blue: 90, green: 10 });
  });

  it.each([
    ["users who do not stay", () => world({ stickinessSeconds: 0 }), WANTED, "BG370"],
    ["a candidate that has users", () => world({ raw: sharing(10) }), WANTED, "BG371"],
    ["a signal that the stack has not", () => world(), { ...WANTED, signal: "clicks" }, "BG372"],
  ])("is refused with %s", async (_title, made, wanted, code) => {
    const one = made();
    await expect(startExperiment(one.context(), wanted)).rejects.toMatchObject({ code });
    expect(one.updates).toBe(0);
  });
});

describe("the policy under an experiment", () => {
  it("is your own again once it has ended", () => {
    const release = { ...sharing(50).release, experiment: { signal: "conversion", percent: 50, days: 2 } };
    const stepsOf = (own: object) => {
      const raw = { ...sharing(50), release: { ...release, ...own } };
      const parsed = parseConfig(
        Object.fromEntries(
          Object.entries(raw).map(([key, value]) => [
            key,
            typeof value === "object" ? JSON.stringify(value) : String(value),
          ]),
        ),
      );
      return parsed.ok ? parsed.config.rollout.steps : parsed.problems;
    };
    expect(stepsOf({})).toEqual([{ percent: 50, bakeMinutes: 2880 }]);
    const ended = { at: "2026-01-03T00:00:00.000Z", outcome: "open", sentence: "nothing" };
    expect(stepsOf({ experiment: { ...release.experiment, ended } })).toEqual([10, 50, 100]);
    expect(stepsOf({ state: "promoted" })).toEqual([10, 50, 100]);
  });
});
