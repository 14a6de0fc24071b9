import { beforeEach, expect, it } from "vitest";
import { ecsPlane, type EcsPlane, type EcsStrategy } from "../../../tools/bench/judge/ecs.ts";
import { pairWorld, type PairKind, type PairWorld } from "../../../tools/bench/judge/pair-world.ts";
import { harm } from "../../../tools/bench/decision/worlds/release-world.ts";
import { answerHook, answerPause } from "../../../validation/judge/ecs-flows.ts";
import { momentOf, readHookEvent, stepSinceOf, type EcsDeployment } from "../../../validation/judge/ecs.ts";

const GOOD: PairKind = { kind: "counted", harm: undefined };
const BAD: PairKind = { kind: "counted", harm: harm(0.2) };
const STRATEGY: EcsStrategy = {
  strategy: "LINEAR",
  percent: 50,
  bakeMinutes: 6,
  hook: "AWS_LAMBDA",
  hookDetails: { policy: { minRequests: 200 } },
};

let world: PairWorld;
let plane: EcsPlane;
let lines: string[];
const begin = (kind: PairKind, differs: Partial<EcsStrategy> = {}) => {
  world = pairWorld(kind, 2, 1);
  plane = ecsPlane(world, { ...STRATEGY, ...differs });
  lines = [];
};
const ports = () => ({
  ...world,
  deployments: plane.deployments,
  log: (line: string) => void lines.push(line),
});
const byLambda = (minutes: number) => plane.deploy((event) => answerHook(ports(), event), minutes);
const byApi = (minutes: number) =>
  plane.deploy(async () => {
    await answerPause(ports(), plane.deploymentArn, STRATEGY.hookDetails);
    return undefined;
  }, minutes);

beforeEach(() => begin(GOOD));

it("a linear deployment of a good model goes through, judged before each step but the first", async () => {
  const { end, minutes } = await byLambda(600);
  expect(end).toBe("completed");
  expect(minutes).toBeGreaterThan(2 * STRATEGY.bakeMinutes);
  const said = lines.map((line) => line.split(":")[0]);
  expect([said[0], ...new Set(said.filter((line) => line !== "continue"))]).toEqual([
    "continue",
    "wait at 50 %",
    "continue at 50 %",
  ]);
});

it.each(["AWS_LAMBDA", "PAUSE"] as const)("a bad one goes back from its first share: %s", async (hook) => {
  begin(BAD, { hook });
  expect(await (hook === "PAUSE" ? byApi(60) : byLambda(60))).toMatchObject({ end: "rolledBack", share: 50 });
});

it.each(["AWS_LAMBDA", "PAUSE"] as const)("without data it stays paused: %s", async (hook) => {
  begin({ kind: "unseen" }, { hook });
  expect(await (hook === "PAUSE" ? byApi(40) : byLambda(40))).toMatchObject({ end: "paused", share: 50 });
});

it("a deployment that cannot be read stays where it is: the function does not fail", async () => {
  const broken = { ...plane.deployments, describe: async () => Promise.reject(new Error("Rate exceeded")) };
  const { end } = await plane.deploy((event) => answerHook({ ...ports(), deployments: broken }, event), 30);
  expect(end).toBe("paused");
  expect(lines).toContain("wait: the deployment could not be read (Rate exceeded)");
});

it("nothing hinders a rollback of ECS: its hooks are called with all users on the former revision", async () => {
  const details = { targetServiceRevisionArn: "new", productionTrafficWeights: { new: 0, old: 100 } };
  const event = { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT", resourceArn: "arn", executionDetails: details };
  expect(await answerHook(ports(), event)).toEqual({ hookStatus: "SUCCEEDED" });
});

it("a call that no ECS makes fails, and so does a hook at a stage without a judge", async () => {
  await expect(answerHook(ports(), { hello: 1 })).rejects.toThrow("no call of an ECS lifecycle hook");
  const details = { targetServiceRevisionArn: "new" };
  const event = { lifecycleStage: "PRE_SCALE_UP", resourceArn: "arn", executionDetails: details };
  await expect(answerHook(ports(), event)).rejects.toThrow("this hook is at PRE_SCALE_UP");
});

it("a PAUSE hook of a deployment that cannot be read stays, and why is said", async () => {
  begin(GOOD, { hook: "PAUSE" });
  const broken = { ...plane.deployments, describe: async () => Promise.reject(new Error("Rate exceeded")) };
  expect(await answerPause({ ...ports(), deployments: broken }, plane.deploymentArn, {})).toEqual({
    verdict: "wait",
    sentence: "wait: the deployment could not be read (Rate exceeded)",
    action: null,
    answer: null,
  });
});

it("a PAUSE hook at a stage without a judge is refused with its code", async () => {
  const paused = { ...(await deployment({ stage: "PRE_SCALE_UP" })), pauses: [{ hookId: "h", sinceMs: 0 }] };
  const other = { ...plane.deployments, describe: async () => paused };
  const answering = answerPause({ ...ports(), deployments: other }, plane.deploymentArn, {});
  await expect(answering).rejects.toMatchObject({ code: "BG205", exitCode: 64 });
});

it("a PAUSE hook that nobody waits at is left alone", async () => {
  begin(GOOD, { hook: "PAUSE" });
  expect(await answerPause(ports(), plane.deploymentArn, {})).toMatchObject({
    verdict: "wait",
    action: null,
  });
});

const deployment = async (differs: Partial<EcsDeployment>): Promise<EcsDeployment> => ({
  ...(await plane.deployments.describe(plane.deploymentArn)),
  ...differs,
});
const AT = { stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", weight: 0 };

it("opens without a comparison only where ECS says twice that nobody is on it, and moves users in steps", async () => {
  const kind = async (differs: Partial<EcsDeployment>, at: { stage: string; weight: number | undefined }) =>
    momentOf(await deployment(differs), at, {}, 0).kind;
  expect(await kind({}, AT)).toBe("opens");
  expect(await kind({ weight: undefined }, AT)).toBe("judges");
  expect(await kind({ weight: 25 }, AT)).toBe("judges");
  expect(await kind({}, { ...AT, weight: undefined })).toBe("judges");
  expect(await kind({}, { ...AT, weight: 25 })).toBe("judges");
  expect(await kind({ strategy: "BLUE_GREEN" }, AT)).toBe("judges");
  expect(await kind({ strategy: undefined }, AT)).toBe("judges");
  expect(await kind({}, { ...AT, stage: "POST_TEST_TRAFFIC_SHIFT" })).toBe("judges");
});

it("a step began a bake before its hook was first called, and that is kept while the share is the same", () => {
  const nowMs = Date.UTC(2026, 10, 30);
  const first = stepSinceOf({ details: {} }, STRATEGY, 25, nowMs);
  expect(first).toBe(nowMs - 6 * 60_000);
  const kept = { details: { judged: { share: 25, stepSince: new Date(first).toISOString() } } };
  const later = nowMs + 9 * 60_000;
  expect(stepSinceOf(kept, STRATEGY, 25, later)).toBe(first);
  expect(stepSinceOf(kept, STRATEGY, 50, later)).toBe(nowMs + 3 * 60_000);
  expect(stepSinceOf(kept, STRATEGY, undefined, later)).toBe(nowMs + 3 * 60_000);
});

const called = (lifecycleStage: string, weights: Readonly<Record<string, unknown>>) => ({
  lifecycleStage,
  resourceArn: plane.deploymentArn,
  executionDetails: { targetServiceRevisionArn: "new", ...weights },
});

it("a weight that ECS leaves out is 0 where the others have all the traffic, and else nobody knows it", () => {
  const weight = (productionTrafficWeights: Readonly<Record<string, number>>) =>
    readHookEvent(called("PRE_PRODUCTION_TRAFFIC_SHIFT", { productionTrafficWeights })).weight;
  expect(weight({ new: 25, old: 75 })).toBe(25);
  expect(weight({ old: 100 })).toBe(0);
  expect(weight({ old: 75 })).toBeUndefined();
  expect(weight({})).toBeUndefined();
});

it("no call of a shifting stage is taken for a rollback that does not say so", async () => {
  const says = (stage: string, weights: Readonly<Record<string, unknown>>) =>
    answerHook(ports(), called(stage, weights));
  await expect(says("PRODUCTION_TRAFFIC_SHIFT", {})).rejects.toMatchObject({ code: "BG205" });
  const forward = { testTrafficWeights: { new: 100, old: 0 }, productionTrafficWeights: {} };
  await expect(says("TEST_TRAFFIC_SHIFT", forward)).rejects.toMatchObject({ code: "BG205" });
  const back = { testTrafficWeights: { new: 0, old: 100 }, productionTrafficWeights: {} };
  expect(await says("TEST_TRAFFIC_SHIFT", back)).toEqual({ hookStatus: "SUCCEEDED" });
  expect(await says("PRODUCTION_TRAFFIC_SHIFT", { productionTrafficWeights: { old: 100 } })).toEqual({
    hookStatus: "SUCCEEDED",
  });
});

it("an answer that waits keeps nothing of a share that nobody says", async () => {
  begin({ kind: "unseen" });
  const silent = { ...plane.deployments, describe: async () => deployment({ weight: undefined }) };
  const said = await answerHook({ ...ports(), deployments: silent }, called(AT.stage, {}));
  expect(said).toEqual({ hookStatus: "IN_PROGRESS", callBackDelay: 60 });
});
