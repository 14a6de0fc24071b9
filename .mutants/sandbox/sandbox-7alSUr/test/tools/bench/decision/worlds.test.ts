import { describe, expect, it } from "vitest";
import { randomOf } from "../../../../tools/bench/decision/random.ts";
import { WORLD_CASES } from "../../../../tools/bench/decision/worlds/cases.ts";
import { worldResult } from "../../../../tools/bench/decision/worlds/evaluate.ts";
import { countsOf, publisher } from "../../../../tools/bench/decision/worlds/publishing.ts";
import {
  harm,
  releaseWorld,
  type Harm,
  type ReleaseWorld,
} from "../../../../tools/bench/decision/worlds/release-world.ts";
import { simulateRelease, type ReleaseRun } from "../../../../tools/bench/decision/worlds/release.ts";
import { addTo, nothing, spreadOver } from "../../../../tools/bench/decision/worlds/slot-minute.ts";
import { worldRows } from "../../../../tools/bench/decision/worlds/tables.ts";
import { trafficOf } from "../../../../tools/bench/decision/worlds/traffic.ts";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";

const SEED = 20_260_101;
const worldOf = (name: string): ReleaseWorld => {
  const found = WORLD_CASES.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`there is no world "${name}"`);
  return found.world;
};

/** Both slots' sums over so many minutes at a share. */
function totals(world: ReleaseWorld, share: number, minutes: number, wrong?: Harm) {
  const traffic = trafficOf(world, { harm: wrong, random: randomOf(SEED), fromMinute: -100 });
  for (let minute = -100; minute < 0; minute++) traffic.next(0);
  const [candidate, active, zones] = [nothing(), nothing(), nothing()];
  for (let minute = 0; minute < minutes; minute++) {
    const seen = traffic.next(share);
    addTo(candidate, seen.candidate);
    addTo(active, seen.active);
    for (const zone of seen.zones) addTo(zones, zone);
  }
  return { candidate, active, zones };
}

describe("the traffic of a release", () => {
  it.each(["600 a minute", "sticky, sessions of 20", "sticky, sessions of 60", "sticky, retry storms"])(
    "has both slots' requests by the share, and as many failures on each: %s",
    (name) => {
      const { candidate, active } = totals(worldOf(name), 0.25, 3000);
      expect(candidate.requests / (600 * 0.25 * 3000)).toBeCloseTo(1, 1);
      expect(active.requests / (600 * 0.75 * 3000)).toBeCloseTo(1, 1);
      const rate = ({ failed, requests }: typeof active) => failed / requests;
      expect(rate(candidate) / rate(active)).toBeGreaterThan(0.7);
      expect(rate(candidate) / rate(active)).toBeLessThan(1.3);
    },
  );

  it.each(["600 a minute", "sticky, sessions of 60", "sticky for an hour, 200 heavy users"])(
    "leaves nobody on the candidate at 0 %% and nobody on the active slot at 100 %%: %s",
    (name) => {
      const traffic = trafficOf(worldOf(name), { harm: undefined, random: randomOf(SEED), fromMinute: 0 });
      for (let minute = 0; minute < 90; minute++) traffic.next(0.5);
      expect(traffic.next(0).candidate.requests).toBe(0);
      expect(traffic.next(1).active.requests).toBe(0);
    },
  );

  it("spreads what users of a slot ask over the zones, and loses nothing of it", () => {
    const { active, zones } = totals(worldOf("sticky, sessions of 20"), 0.1, 200);
    expect(zones).toEqual(active);
    const slot = { requests: 500, failed: 40, slow90: 50, slow99: 10, unanswered: 30 };
    const parts = spreadOver(randomOf(SEED), slot, 3);
    const sum = nothing();
    for (const part of parts) addTo(sum, part);
    expect(sum).toEqual(slot);
  });

  it("has what is wrong with the candidate, of users who stay on their slot, too", () => {
    for (const name of ["600 a minute", "sticky, sessions of 60"]) {
      const wrong = harm(0.1, { hanging: 0.2 });
      const { candidate } = totals(worldOf(name), 0.5, 300, wrong);
      expect(candidate.failed / candidate.requests).toBeGreaterThan(0.06);
      expect(candidate.unanswered / candidate.requests).toBeGreaterThan(0.14);
    }
  });
});

describe("what can be read of a minute", () => {
  const whole = {
    atMs: 0,
    candidate: countsOf({ ...nothing(), requests: 60, failed: 2 }),
    active: countsOf({ ...nothing(), requests: 540 }),
  };

  it("is without the candidate's answers for four minutes where the single point is late", () => {
    const publish = publisher({ kind: "single" }, randomOf(SEED));
    const late = Array.from({ length: 30 }, () => publish(whole)).filter((one) => one.at(0) !== whole);
    expect(late).toHaveLength(1);
    expect(late[0]?.at(3)).toMatchObject({ candidate: { requests: 60, answered: 0, errors: 0 } });
    expect(late[0]?.at(4)).toBe(whole);
  });

  it("is half of each count until it is revised", () => {
    const publish = publisher({ kind: "revised", probability: 1 }, randomOf(SEED));
    const minute = publish(whole);
    expect(minute.at(2)).toMatchObject({ candidate: { requests: 30, errors: 1 }, active: { requests: 270 } });
    expect(minute.at(3)).toMatchObject({ candidate: { requests: 60, errors: 2 }, active: { requests: 540 } });
  });
});

describe("a simulated release", () => {
  const released = (world: ReleaseWorld, wrong?: Harm): ReleaseRun =>
    simulateRelease({ world, harm: wrong, settings: DEFAULT_SETTINGS, seed: SEED, path: [1] });

  it("promotes a good candidate after all its steps", () => {
    const run = released(releaseWorld("good"));
    expect(run).toMatchObject({ end: "promoted", retreats: 0, answeredAfter: undefined });
    expect(run.minutes).toBeGreaterThanOrEqual(40);
  });

  it("ends one that fails a fifth of its requests within minutes, and counts who paid for it", () => {
    const run = released(releaseWorld("bad"), harm(0.2));
    expect(run.end).toBe("rolledBack");
    expect(run.answeredAfter).toBeLessThanOrEqual(5);
    expect(run.failedToEnd).toBeGreaterThan(20);
    expect(run.failedToRetreat).toBeLessThanOrEqual(run.failedToEnd);
  });

  it("gives users back in doubt, tries again, and waits for a person when that is used up", () => {
    const hiccups = worldOf("each task fails");
    const run = released(hiccups, harm(0.2));
    expect(run).toMatchObject({ end: "stuck", retreats: 3 });
    expect(run.failedToRetreat).toBeLessThan(run.failedToEnd);
  });
});

describe("the table of the worlds", () => {
  it("names the bar that is missed, and leaves out what was not tried", () => {
    const run: ReleaseRun = {
      end: "rolledBack",
      retreats: 1,
      minutes: 7,
      answeredAfter: 3,
      failedToRetreat: 5,
      failedToEnd: 9,
      reasons: [],
    };
    const [one] = WORLD_CASES;
    if (one === undefined) throw new Error("there are worlds");
    const result = worldResult(one, SEED, { good: [], bad: [{ ...run, end: "promoted" }, run] });
    expect(result).toMatchObject({ goodRolledBack: null, badPromoted: 0.5, badBy3: 1 });
    const rows = worldRows([result], (bar) => `(${bar})`);
    expect(rows[1]).toContain("50 % (≤ 2 %)");
    expect(rows[1]?.filter((cell) => cell === "").length).toBeGreaterThan(3);
  });
});
