import { describe, expect, test } from "vitest";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import type { Ask, Reply } from "../../../validation/protocols/ask.ts";
import type { TestTools } from "../../../validation/suite/test-candidate.ts";
import { candidateReady, oneModel, sharing, counts } from "../support/samples.ts";
import { World } from "../support/world.ts";

const TOKEN = "t".repeat(32);
const GOLDEN = `{"features":[1],"label":4}\n{"features":[2],"label":5}\n`;
const POLL = { pollMs: 10_000 };
const VERSION = { modelVersion: "2" };

const SERVED = {
  testToken: TOKEN,
  service: { testCidrs: ["192.0.2.0/24"], servingProtocol: "bluegreen" },
  suite: { goldenSet: "golden.jsonl" },
};
const world = (more: object = {}) => new World({ ...candidateReady(), ...SERVED, ...more });

/** A candidate behind its test rule. `answer`: to the nth request, from 0; it takes the cloud's time, too. */
function candidate(
  one: World,
  answer: (nth: number) => Partial<Reply>,
  files: object = { readFile: GOLDEN },
) {
  const asked: { shareThen: number; slot: string; body: unknown }[] = [];
  const given: unknown[] = [];
  let [open, mostOpen] = [0, 0];
  const ask: Ask = async (slot, { method, path, body }) => {
    if (method === "GET") return { status: 200, seconds: 0, text: JSON.stringify(VERSION) };
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    const nth = asked.push({ shareThen: one.live.green, slot, body: `${path} ${String(body)}` }) - 1;
    const reply = { status: 200, seconds: 0.04, text: JSON.stringify(VERSION), ...answer(nth) };
    await Promise.resolve();
    one.clock.advance(reply.seconds * 1000);
    open -= 1;
    return reply;
  };
  const tools: TestTools = {
    connect(address, token, answerSeconds) {
      given.push({ url: address.url, token, answerSeconds });
      return ask;
    },
    async readFile(path) {
      if (!("readFile" in files)) throw new Error(`ENOENT: no such file, open '${path}'`);
      return GOLDEN;
    },
  };
  return { asked, given, tools, mostOpen: () => mostOpen };
}

const notes = ({ events }: World) =>
  events.flatMap((event) => (event.kind === "note" ? [event.message] : [])).filter((one) => /warm/.test(one));
const cold = (nth: number) => ({ seconds: nth < 60 ? 0.31 : 0.042 });

describe("before the first user", () => {
  test("a candidate is warmed through its test rule until it is steady, and that is said once", async () => {
    const one = world();
    const { asked, given, tools, mostOpen } = candidate(one, cold);
    const done = await rollout(one.context(), { ...POLL, warmBy: tools });
    expect(done).toMatchObject({ result: "promoted" });
    expect(notes(one)).toEqual([
      "green is warmed: 115 requests in 21 s, median from 310 ms to 42 ms, steady",
    ]);
    expect(given).toEqual([{ url: "http://127.0.0.1:1", token: TOKEN, answerSeconds: 60 }]);
    const bodies = [`/predict {"features":[1]}`, `/predict {"features":[2]}`, `/predict {"features":[1]}`];
    expect(asked.slice(0, 3).map(({ body }) => body)).toEqual(bodies);
    expect(asked.every(({ slot, shareThen }) => slot === "green" && shareThen === 0)).toBe(true);
    // Two tasks, two requests open at each.
    expect(mostOpen()).toBe(4);
  });

  test.each([
    [2, 75],
    [8, 315],
  ])("%i tasks get %i requests when they are warm already, so that each has some", async (tasks, wanted) => {
    const one = world({ green: { ...candidateReady().green, minTasks: tasks, maxTasks: tasks } });
    const { tools, asked } = candidate(one, () => ({}));
    await rollout(one.context(), { ...POLL, warmBy: tools });
    expect(asked).toHaveLength(wanted);
  });

  test("what was seen before is looked at again: an alarm of the meantime keeps users away", async () => {
    const one = world();
    const { tools } = candidate(one, (nth) => {
      if (nth === 5) one.health = { ...one.health, green: counts(0, { unhealthy: 2 }) };
      return {};
    });
    const waits = await rollout(one.context(), { ...POLL, warmBy: tools });
    expect(waits).toMatchObject({ result: "waits" });
    expect(one.live.green).toBe(0);
    expect(notes(one)).toHaveLength(1);
  });

  test("one that gets no steadier has its bound, is said, and gets its users", async () => {
    const one = world();
    const { asked, tools } = candidate(one, (nth) => ({ seconds: nth % 40 < 20 ? 0.2 : 0.9 }));
    const startMs = one.clock.now();
    let endMs = 0;
    const ask = tools.connect;
    const timed: TestTools = {
      ...tools,
      connect: (...how) => {
        const inner = ask(...how);
        return async (...what) => {
          const reply = await inner(...what);
          endMs = one.clock.now();
          return reply;
        };
      },
    };
    expect(await rollout(one.context(), { ...POLL, warmBy: timed })).toMatchObject({ result: "promoted" });
    expect(endMs - startMs).toBeLessThan(125_000);
    expect(asked.length).toBeLessThan(2000);
    expect(notes(one)).toEqual([
      expect.stringMatching(
        /^green is warmed, but not steady yet: \d+ requests in 12\d s, median from 200 ms to \d+ ms; the release goes on$/,
      ),
    ]);
  });

  test("failed requests are said and are no latency; they decide nothing", async () => {
    const one = world();
    const { tools } = candidate(one, (nth) => (nth % 10 === 0 ? { status: 500, seconds: 0.001 } : {}));
    expect(await rollout(one.context(), { ...POLL, warmBy: tools })).toMatchObject({ result: "promoted" });
    expect(notes(one)).toEqual([
      "green is warmed: 75 requests (8 failed) in 3 s, median from 40 ms to 40 ms, steady",
    ]);
  });

  test.each([
    ["no test rules", { testToken: undefined }, "the stack has no testToken, so it has no test rules"],
    ["no golden set", { suite: {} }, "There is no golden set to ask the candidate with. None is configured."],
  ])("with %s it is said in one line, and the release goes on", async (_what, more, why) => {
    const given = Object.entries({ ...candidateReady(), ...SERVED, ...more });
    const one = new World(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
    const { asked, tools } = candidate(one, () => ({}));
    expect(await rollout(one.context(), { ...POLL, warmBy: tools })).toMatchObject({ result: "promoted" });
    expect(notes(one)).toEqual([`green is not warmed, and the release goes on: ${why}`]);
    expect(asked).toEqual([]);
  });

  test.each([
    [
      "cannot be reached",
      { status: 0, seconds: 0.001, text: "connect ECONNREFUSED" },
      "none of 5 requests was answered with 200, but with connect ECONNREFUSED",
    ],
    [
      "refuses the golden set",
      { status: 422, text: '{"error":\n"features"}' },
      'none of 5 requests was answered with 200, but with 422: {"error": "features"}',
    ],
    [
      "is not who answers, because the test rule does not take these requests",
      { text: JSON.stringify({ modelVersion: "1" }) },
      "version 1 answers instead of 2; does the test rule take requests from here?",
    ],
  ])("a candidate that %s is left alone after five requests", async (_what, reply, why) => {
    const one = world();
    const { asked, tools } = candidate(one, () => reply);
    expect(await rollout(one.context(), { ...POLL, warmBy: tools })).toMatchObject({ result: "promoted" });
    expect(notes(one)).toEqual([`green is not warmed, and the release goes on: ${why}`]);
    expect(asked).toHaveLength(5);
  });

  test("a golden set that is gone is said, and the release goes on", async () => {
    const one = world();
    const { tools } = candidate(one, () => ({}), {});
    expect(await rollout(one.context(), { ...POLL, warmBy: tools })).toMatchObject({ result: "promoted" });
    expect(notes(one)).toEqual([expect.stringMatching(/^green is not warmed, .*ENOENT/)]);
  });
});

describe("a candidate is not warmed", () => {
  test.each([
    ["when rollout.warmSeconds is 0", { rollout: { ...candidateReady().rollout, warmSeconds: 0 } }],
    ["once it has users", sharing(10)],
    ["when it waits for an approval", { rollout: { ...candidateReady().rollout, approvals: [10] } }],
    [
      "when it is the stack's first model, which has everyone",
      { green: {}, release: { ...candidateReady().release, slot: "blue", digest: oneModel().blue.image } },
    ],
  ])("%s", async (_what, more) => {
    const one = world(more);
    const { asked, tools } = candidate(one, () => ({}));
    await rollout(one.context(), { ...POLL, noWait: true, warmBy: tools }).catch(() => undefined);
    expect(asked).toEqual([]);
    expect(notes(one)).toEqual([]);
  });

  test("by a step of its own, which starts no release", async () => {
    const one = world();
    const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined };
    await step(one.context(), once);
    expect(notes(one)).toEqual([]);
  });
});

test("a job of one step warms the candidate and ends with its first share; the next job does not warm it again", async () => {
  const one = world();
  const { asked, tools } = candidate(one, () => ({}));
  const job = () => rollout(one.context(), { ...POLL, oneStep: true, warmBy: tools });
  await job();
  expect(one.live.green).toBe(10);
  const sent = asked.length;
  expect(sent).toBeGreaterThan(0);
  await job();
  expect(one.live.green).toBe(50);
  expect(asked).toHaveLength(sent);
});
