/** The loops of Argo Rollouts and Flagger that the bench uses, against what their sources say, and docs/fleet/judge.md. */
import { expect, it } from "vitest";
import { analysisRun, holds, type ArgoMetric } from "../../../tools/bench/judge/argo.ts";
import { example, exampleText } from "../../../tools/bench/judge/examples.ts";
import { flaggerCanary, type FlaggerAnalysis } from "../../../tools/bench/judge/flagger.ts";
import { pairWorld } from "../../../tools/bench/judge/pair-world.ts";
import { judgedBy } from "../../../tools/bench/judge/run.ts";
import { readQuestion } from "../../../validation/judge/question.ts";

const METRIC: ArgoMetric = {
  interval: "1m",
  consecutiveSuccessLimit: 1,
  inconclusiveLimit: 3,
  successCondition: 'result.verdict == "continue"',
  failureCondition: 'result.verdict == "rollback"',
};
const run = (metric: ArgoMetric, said: readonly (string | undefined)[]) => {
  const left = said.values();
  const ask = async () => {
    const { value } = left.next();
    return value === undefined ? undefined : { verdict: value };
  };
  return analysisRun(metric, ask, () => {}, said.length);
};
const times = (count: number, verdict: string | undefined) => Array.from({ length: count }, () => verdict);

it.each([
  [["wait", "continue"], "Successful"],
  [["wait", "rollback"], "Failed"],
  [times(3, "wait"), undefined],
  [times(4, "wait"), "Inconclusive"],
  [times(4, undefined), undefined],
  [times(5, undefined), "Error"],
  [[...times(4, undefined), "wait", ...times(4, undefined)], undefined],
] as const)("an analysis run that measures %j is %s", async (said, phase) => {
  expect(await run(METRIC, said)).toBe(phase);
});

it("a count without consecutiveSuccessLimit would let a rollout go on that only ever waited", async () => {
  const { consecutiveSuccessLimit: _, ...without } = METRIC;
  expect(await run({ ...without, count: 3 }, times(3, "wait"))).toBe("Successful");
  expect(await run({ ...METRIC, count: 3 }, times(3, "wait"))).toBe("Inconclusive");
});

it("conditions that are no comparison of a member with a text are not guessed at", () => {
  expect(() => holds("result.evidence > 3", {})).toThrow("not a condition");
});

const ANALYSIS: FlaggerAnalysis = {
  interval: "1m",
  threshold: 2,
  maxWeight: 20,
  stepWeight: 10,
  webhooks: ["pre-rollout", "rollout", "confirm-traffic-increase", "confirm-promotion", "rollback"].map(
    (type) => ({ name: type, type, url: type }),
  ),
};

it("Flagger asks its hooks in the order of its scheduler", async () => {
  const asked: string[] = [];
  const world = pairWorld({ kind: "unseen" }, 1, 1);
  const end = await flaggerCanary(
    world,
    ANALYSIS,
    async (url) => {
      asked.push(url);
      return url === "rollback" ? 409 : 200;
    },
    30,
  );
  expect(end).toEqual({ end: "promoted", minutes: 2, share: 20 });
  const step = ["rollback", "rollout", "confirm-traffic-increase"];
  expect(asked).toEqual([
    "rollback",
    "pre-rollout",
    "confirm-traffic-increase",
    ...step,
    ...step,
    "confirm-promotion",
  ]);
});

it("Flagger rolls back after as many failed checks as its threshold, and waits for a confirmation without an end", async () => {
  const refusing = (hook: string) =>
    flaggerCanary(
      pairWorld({ kind: "unseen" }, 1, 1),
      ANALYSIS,
      async (url) => (url === "rollback" || url === hook ? 409 : 200),
      30,
    );
  expect(await refusing("pre-rollout")).toMatchObject({ end: "rolledBack", minutes: 2 });
  expect(await refusing("confirm-traffic-increase")).toMatchObject({ end: "paused", share: 0 });
});

it.each(["ECS: canary and linear", "Argo Rollouts", "Flagger"])(
  "%s takes at most 15 lines of configuration",
  (heading) => {
    expect(exampleText(heading).trimEnd().split("\n").length).toBeLessThanOrEqual(15);
  },
);

it("the question that the document tries first is one", () => {
  expect(readQuestion(example("Try it"))).toMatchObject({ policy: { minRequests: 500 } });
});

it.each(["argo", "flagger"] as const)(
  "%s, set up as the document shows, rolls a bad model back",
  async (tool) => {
    expect(await judgedBy(tool, "bad", { seed: 1, run: 0 })).toMatchObject({ end: "rollback" });
  },
);

// In its first 530 requests it was proven to fail less than ten times as often, which is all that a first step of ours asks.
it("a canary of ECS has one judged step, which lets no model through that fails five times as often", async () => {
  const { end, share } = await judgedBy("ecs, Lambda hook", "bad", { seed: 18, run: 19 });
  expect({ end, share }).toEqual({ end: "rollback", share: 10 });
});
