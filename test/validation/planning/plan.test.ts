import { describe, expect, it } from "vitest";
import { showPlan } from "../../../cli/view/plan.ts";
import { plan } from "../../../validation/planning/plan.ts";
import { step } from "../../../validation/rollout/step.ts";
import { oneModel, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const AS_IT_IS = { traffic: undefined, errorRate: undefined, pollSeconds: 5 } as const;
const policy = { steps: [10, 25, 50, 100] };

function worldWith(requestsPerMinute: number, failed: number, rollout: Record<string, unknown> = policy) {
  const world = new World({ ...oneModel(), rollout });
  world.requestsPerMinute = requestsPerMinute;
  world.failureRate.blue = failed;
  return world;
}

/** Series that a step asks for. */
async function seriesOfALook(): Promise<number> {
  const world = new World(sharing(10));
  world.clock.advance(10 * 60_000);
  const context = world.context();
  let series = 0;
  const read: typeof context.metrics.read = (requests, fromMs, toMs) => {
    // The quantiles are read once a release.
    const isOnce = requests.some(({ periodSeconds }) => periodSeconds > 60);
    const queries = isOnce ? [] : requests.flatMap((request) => request.queries);
    series += queries.filter((query) => !("expression" in query)).length;
    return context.metrics.read(requests, fromMs, toMs);
  };
  await step(
    { ...context, metrics: { read } },
    { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined },
  );
  return series;
}

describe("the plan of a schedule", () => {
  it("says per step when it sees enough and goes on, and how soon it rolls a fault back", async () => {
    const outcome = await plan(worldWith(600, 0.005).context(), AS_IT_IS);
    expect(outcome).toMatchObject({ exitCode: 0, refused: undefined, history: { hours: 1 } });
    expect(outcome.steps.map(({ advancesAfterMinutes }) => advancesAfterMinutes)).toEqual([10, 10, 36, 10]);
    const [first, , , all] = outcome.steps;
    expect(first?.seesAfterMinutes).toBeLessThanOrEqual(5);
    const [x2, x5, x10, gross] = (first?.detections ?? []).map(
      ({ medianMinutes }) => medianMinutes ?? Number.POSITIVE_INFINITY,
    );
    expect(gross).toBeLessThanOrEqual(2);
    expect(x10).toBeLessThan(x5 ?? 0);
    expect(x5).toBeLessThan(x2 ?? 0);
    expect(all?.detections).toEqual([]);
    expect(outcome.sentence).toMatch(
      /^10 → 25 → 50 → 100 % promotes a good model after about 66 minutes at 600 requests a minute\. A step goes on when the candidate is proven to fail less than 10, 5, 2 times as often as the active slot; a model that fails twice as often would be promoted in 1 of 100 such releases, five times as often in 0\.$/,
    );
  });

  it("is the same each time", async () => {
    const twice = [worldWith(600, 0.01), worldWith(600, 0.01)].map((world) =>
      plan(world.context(), AS_IT_IS),
    );
    const [one, other] = await Promise.all(twice);
    expect(one).toEqual(other);
  });

  it("refuses a schedule that is blind at this traffic, with the numbers and what fixes it", async () => {
    const outcome = await plan(worldWith(10, 0, { ...policy, deadlineMinutes: 15 }).context(), AS_IT_IS);
    expect(outcome).toMatchObject({ exitCode: 10, refused: { code: "BG204" } });
    expect(outcome.sentence).toMatch(
      /^At this traffic .* 10 % \(1 requests a minute\): nothing at all is seen within 15 min/,
    );
    expect(showPlan(outcome)).toContain("pulumi config set --path rollout.deadlineMinutes");
  });

  it("says which step would stop a good model at its deadline", async () => {
    const outcome = await plan(worldWith(60, 0, { ...policy, deadlineMinutes: 11 }).context(), AS_IT_IS);
    expect(outcome.exitCode).toBe(0);
    expect(outcome.sentence).toMatch(/ stops at 10 % at 60 requests a minute: /);
  });

  it("counts what a check asks CloudWatch for, and what that costs", async () => {
    const { calls } = await plan(worldWith(600, 0).context(), { ...AS_IT_IS, pollSeconds: 60 });
    expect(calls).toMatchObject({ looks: 112, perLook: 6 });
    expect(calls.series / calls.looks).toBe(await seriesOfALook());
    expect(calls.usd).toBeCloseTo((calls.series / 1000) * 0.01, 9);
  });

  it("lints the thresholds against the past, and says from which limit on there is peace", async () => {
    const world = worldWith(600, 0.03);
    world.raw = new World({ ...oneModel(), thresholds: { maxErrorRate: 0.005 } }).raw;
    const { lints, lintedHours } = await plan(world.context(), AS_IT_IS);
    expect(lintedHours).toBe(1);
    expect(lints.find(({ gate }) => gate === "error-rate")).toMatchObject({
      thresholdKey: "maxErrorRate",
      threshold: 0.005,
      fired: 1,
      quietLimit: 0.01,
    });
    expect(lints.find(({ gate }) => gate === "cpu")?.fired).toBe(0);
  });

  it("says what it could not know, and plans with what is assumed where nobody came", async () => {
    const nobody = worldWith(0, 0);
    await expect(plan(nobody.context(), AS_IT_IS)).rejects.toMatchObject({ code: "BG203", exitCode: 10 });
    const outcome = await plan(nobody.context(), { ...AS_IT_IS, traffic: 600, errorRate: 0.005 });
    expect(outcome.traffic).toMatchObject({ requestsPerMinute: 600, errorRate: 0.005, assumed: true });
    expect(outcome.unknown.join("; ")).toMatch(/of the 24 hours.*assumed, not measured.*φ 3 is assumed/);
  });

  it("does not know what labels say that count only when the candidate has all users", async () => {
    const labelsAfter = async (labelAfterMinutes: number) => {
      const world = worldWith(600, 0.005);
      const source = { from: "labels", labelAfterMinutes };
      world.raw = {
        ...world.raw,
        signals: JSON.stringify([{ name: "wrong", source }]),
        labels: JSON.stringify({ bucket: "labels" }),
      };
      return (await plan(world.context(), AS_IT_IS)).unknown.join("; ");
    };
    expect(await labelsAfter(20_000)).toMatch(/what labels say: wrong counts a label 20000 minutes after/);
    expect(await labelsAfter(1)).not.toContain("labels");
  });

  it("fits on a screen of 80 columns", async () => {
    const text = showPlan(await plan(worldWith(600, 0.005).context(), AS_IT_IS));
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatch(/^  share {2}a minute {2}sees enough {3}goes on/m);
  });
});
