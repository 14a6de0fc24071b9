import { describe, expect, it } from "vitest";
import type { RolloutPolicy } from "../../../../contract/config/sections.ts";
import { chooseSchedule, planSchedule } from "../../../../validation/core/planning/choice.ts";
import { adviceOn, scheduleSentence } from "../../../../validation/core/planning/words.ts";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";

const traffic = (requestsPerMinute: number, errorRate = 0.005, phi = 1) => ({
  requestsPerMinute,
  errorRate,
  dispersion: { phi, bounded: phi, assumed: false, events: 100, minutes: 1440 },
});
const policy = (own: Partial<RolloutPolicy> = {}): RolloutPolicy => ({ ...DEFAULT_SETTINGS.rollout, ...own });

describe("the schedule that is chosen by itself", () => {
  it("is the strictest that a good candidate gets through in the time that it may take", () => {
    const much = chooseSchedule(traffic(600), policy());
    expect(much.schedule.provenRatios).toEqual([10, 5, 2]);
    expect(much.totalMinutes).toBeLessThanOrEqual(75);
    const little = chooseSchedule(traffic(100), policy());
    expect(little.schedule.provenRatios).toEqual([10, 5, 3]);
    expect(little.totalMinutes).toBeLessThanOrEqual(180);
    const patient = chooseSchedule(traffic(100), policy({ targetMinutes: 600 }));
    expect(patient.schedule.provenRatios).toEqual([10, 5, 2]);
  });

  it("lets a candidate that hardly fails be proven by that where no ratio can be: nothing fails, or too little comes", () => {
    const perfect = chooseSchedule(traffic(600, 0, 3), policy());
    expect(perfect.schedule).toMatchObject({ provenRatios: [10, 5, 5], provenRate: 0.005 });
    expect(perfect.totalMinutes).toBeLessThanOrEqual(180);
    const hardlyAnyone = chooseSchedule(traffic(5), policy());
    expect(hardlyAnyone.schedule).toMatchObject({ provenRatios: [10, 5, 5], provenRate: 0.05 });
    expect(hardlyAnyone.totalMinutes).toBeGreaterThan(180);
  });

  it("is the policy's own where it says so, also when that takes for ever", () => {
    const own = chooseSchedule(traffic(600, 0), policy({ provenRatios: [3] }));
    expect(own.schedule).toEqual({ provenRatios: [3], minutes: expect.anything(), odds: [] });
    expect(own.totalMinutes).toBeUndefined();
    expect(chooseSchedule(traffic(600), policy({ advanceWhen: "blindSpot" })).totalMinutes).toBe(40);
  });

  it("waits for a step's own bake and the least number of requests, too", () => {
    const steps = [{ percent: 10, bakeMinutes: 240 }, 50, 100];
    expect(chooseSchedule(traffic(600), policy({ steps })).schedule.minutes[0]).toBe(240);
    expect(chooseSchedule(traffic(600), policy({ minRequests: 6000 })).schedule.minutes[0]).toBe(100);
  });

  it("ends a holdback below 100 % with a proof of its own", () => {
    const steps = [10, 50, { percent: 95, bakeMinutes: 60, provenRatio: 5 }];
    const { steps: planned, totalMinutes } = chooseSchedule(traffic(600), policy({ steps }));
    expect(planned.map(({ share }) => share)).toEqual([10, 50, 95]);
    expect(planned[2]?.proves).toEqual({ ratio: 5, rate: undefined });
    expect(totalMinutes).toBeDefined();
  });
});

describe("what is told of a schedule", () => {
  it("has its own odds: fewer faults pass a stricter one", () => {
    const [strict, lax] = [
      [10, 5, 2],
      [10, 5, 5],
    ].map((provenRatios) => planSchedule(traffic(600), policy({ provenRatios })));
    const twice = (planned = strict) =>
      planned?.schedule.odds.find(({ fault }) => fault === "twice as often");
    expect(twice()?.promoted).toBeLessThanOrEqual(0.02);
    expect(twice(lax)?.promoted).toBeGreaterThan(0.2);
    expect(strict?.schedule.odds.at(-1)).toEqual({ fault: "five times as often", promoted: 0 });
  });

  it("says the time, what is asked for and the odds in one sentence", () => {
    const planned = planSchedule(traffic(600), policy());
    expect(scheduleSentence(traffic(600), policy(), planned)).toMatch(
      /^10 → 25 → 50 → 100 % promotes a good model after about \d+ minutes at 600 requests a minute\. A step goes on when the candidate is proven to fail less than 10, 5, 2 times as often as the active slot; a model that fails twice as often would be promoted in [012] of 100 such releases, five times as often in 0\.$/,
    );
    const perfect = planSchedule(traffic(600, 0, 3), policy());
    expect(scheduleSentence(traffic(600, 0, 3), policy(), perfect)).toContain(
      ", or in less than 0.5 % of its requests; a model that fails in 1 % of its requests would be promoted in 0 of 100",
    );
  });

  it("says what clusters cost, and tells no odds where they were an incident", () => {
    const clustered = traffic(600, 0.005, 6);
    const said = scheduleSentence(clustered, policy(), planSchedule(clustered, policy()));
    expect(said).toContain("Failures of the active slot come about 6 at a time");
    const incident = { ...clustered, dispersion: { ...clustered.dispersion, phi: 44, bounded: 1.9 } };
    const planned = planSchedule(incident, policy());
    expect(planned.schedule.odds).toEqual([]);
    expect(scheduleSentence(incident, policy(), planned)).toMatch(
      /came in an incident \(about 44 at a time, 1\.9 without it\), so no odds are told/,
    );
  });

  it("names what would help where the traffic is too little, each with its number", () => {
    const little = traffic(5);
    const advice = adviceOn(little, policy(), chooseSchedule(little, policy()));
    expect(advice.join("\n")).toMatch(
      /a larger first step, about \d+ min: rollout\.steps: \[\d+, (50, )?100\] in the stack file\nsynthetic load of \d+ requests a minute, at most 180 min: pulumi config set/,
    );
    const synthetic = Number(/synthetic load of (\d+)/.exec(advice.join("\n"))?.[1]);
    const helped = chooseSchedule(traffic(5 + synthetic), policy());
    expect(helped.totalMinutes).toBeLessThanOrEqual(policy().targetMinutes);
    expect(adviceOn(traffic(600), policy(), chooseSchedule(traffic(600), policy()))).toEqual([]);
  });

  it("names what would help where a proof of one's own never comes, and no longer deadline, which would not", () => {
    const own = policy({ provenRatios: [1.2], deadlineMinutes: 60 });
    const perfect = traffic(600, 0);
    const advice = adviceOn(perfect, own, chooseSchedule(perfect, own));
    const [, minutes] =
      /about (\d+) min: pulumi config set --path rollout\.provenRatios auto$/.exec(advice.join("\n")) ?? [];
    expect(advice).toHaveLength(1);
    expect(Number(minutes)).toBe(chooseSchedule(perfect, { ...own, provenRatios: "auto" }).totalMinutes);
    const failing = traffic(600, 0.05);
    const sooner = { ...own, deadlineMinutes: 30 };
    const later = adviceOn(failing, sooner, chooseSchedule(failing, sooner)).join("\n");
    expect(later).toMatch(
      /deadlines from the plan, about \d+ min: pulumi config set --path rollout\.deadlineMinutes auto/,
    );
  });
});
