import { beforeEach, expect, it } from "vitest";
import { ACTIVE, CANDIDATE, pairWorld, type PairWorld } from "../../../tools/bench/judge/pair-world.ts";
import { harm } from "../../../tools/bench/decision/worlds/release-world.ts";
import { judgePair } from "../../../validation/judge/judge-pair.ts";
import { readQuestion } from "../../../validation/judge/question.ts";

let world: PairWorld;
const started = () => new Date(world.now()).toISOString();
const ask = (more: object, memory = {}) =>
  judgePair(world, readQuestion({ candidate: CANDIDATE, active: ACTIVE, ...more }), memory);
const pass = (minutes: number, share: number) => {
  for (let minute = 0; minute < minutes; minute++) world.pass(share);
};

beforeEach(() => {
  world = pairWorld({ kind: "counted", harm: undefined }, 1, 1);
});

it("goes on with a candidate that is as good, with both counts", async () => {
  const since = started();
  pass(40, 10);
  const answer = await ask({ since, share: 10 });
  expect(answer).toMatchObject({ verdict: "continue", share: 10, expired: false });
  expect(answer.sentence).toMatch(/^continue at 10 %: /);
  expect(answer.candidate.requests).toBeGreaterThan(1500);
  expect(answer.active.requests).toBeGreaterThan(8 * answer.candidate.requests);
});

it("finds the begin and the share in the requests where nobody says them", async () => {
  pass(40, 10);
  const answer = await ask({});
  expect(answer.verdict).toBe("continue");
  expect(answer.share).toBeCloseTo(10, -1);
  // The first minute is left out: nobody knows when in it they came.
  const minutes = (world.now() - Date.parse(answer.since ?? "")) / 60_000;
  expect(Math.floor(minutes)).toBe(39);
});

it("rolls back one that fails five times as often, in words without our slots and commands", async () => {
  world = pairWorld({ kind: "counted", harm: harm(0.025) }, 1, 1);
  pass(60, 10);
  const answer = await ask({});
  expect(answer.verdict).toBe("rollback");
  expect(answer.evidence).toBeGreaterThan(answer.needed);
  expect(JSON.stringify(answer)).not.toMatch(/npx|\bgreen\b|\bblue\b/);
});

it("waits before the step has lasted long enough", async () => {
  const since = started();
  pass(40, 10);
  const stepSince = new Date(world.now() - 5 * 60_000).toISOString();
  expect((await ask({ since, stepSince })).sentence).toMatch(/^wait at 10 %: .*5.* of 10 min/);
});

it("begins a step anew when a tool was told to go on", async () => {
  pass(40, 10);
  expect((await ask({}, { toldMs: world.now() })).verdict).toBe("wait");
});

it.each(["unseen", "nobody", "unreadable"] as const)("waits without data: %s", async (kind) => {
  world = pairWorld({ kind }, 1, 1);
  const since = started();
  pass(200, 10);
  for (const more of [{ since, share: 10 }, { since }, {}]) {
    expect((await ask({ ...more, policy: { minRequests: 0, bakeMinutes: 0 } })).verdict).toBe("wait");
  }
});

it("waits where nobody is on the active model, whatever the policy leaves out", async () => {
  const since = started();
  pass(60, 100);
  const policy = { minRequests: 0, bakeMinutes: 0, advanceWhen: "blindSpot", maxBlindSpots: [1] };
  for (const said of [{}, { share: 100 }, { share: 50 }]) {
    expect((await ask({ since, policy, ...said })).verdict).toBe("wait");
  }
});

it("waits on after the deadline, and says that a person decides", async () => {
  const since = started();
  pass(90, 10);
  const answer = await ask({ since, deadlineMinutes: 60, policy: { minRequests: 1_000_000 } });
  expect(answer).toMatchObject({ verdict: "wait", expired: true });
  expect(answer.sentence).toContain("its time is over: a person decides");
});

it("waits where users come in another share than is said", async () => {
  const since = started();
  pass(60, 10);
  const answer = await ask({ since, share: 40 });
  expect(answer.verdict).toBe("wait");
  expect(answer.reasons.join()).toMatch(/sample-ratio/);
});

it("does not count what the group did before a quarter of an hour without requests", async () => {
  world = pairWorld({ kind: "counted", harm: harm(0.2) }, 1, 1);
  pass(30, 10);
  expect((await ask({})).verdict).toBe("rollback");
  pass(16, 0);
  expect((await ask({})).sentence).toBe("wait: the candidate has had no requests");
  pass(2, 10);
  expect((await ask({})).verdict).toBe("wait");
});
