import { describe, expect, test } from "vitest";
import { showTest } from "../../../cli/view/suite.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { evidenceRecord } from "../../../validation/report/evidence.ts";
import { explanation } from "../../../validation/report/explain.ts";
import { markdown } from "../../../validation/report/markdown.ts";
import { status } from "../../../validation/insight/status.ts";
import { approve } from "../../../validation/steering/steering.ts";
import { testCandidate, type SuiteTools } from "../../../validation/suite/test-candidate.ts";
import { fakeSlots, golden, goodService, json, virtualMachine, type Service } from "./support/fake-slots.ts";
import { candidateReady, DIGEST, oneModel, promoted, sharing, counts } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";

const TOKEN = "a".repeat(32);
const LOCAL = { testToken: TOKEN, localCloud: "http://127.0.0.1:1" };
/** v2 on green, which nobody has tested yet. */
const untested = () => {
  const { release, ...rest } = candidateReady();
  return { ...rest, ...LOCAL, release: { ...release, tested: undefined } };
};
const GOOD = { blue: goodService("1"), green: goodService("2") };
const OPTIONS = { golden: undefined };
const POLL = { pollMs: 10_000 };

function toolsFor(services = GOOD, files: Readonly<Record<string, string>> = {}) {
  const connected: unknown[] = [];
  const read: string[] = [];
  const tools: SuiteTools = {
    connectStreams: () => () => Promise.reject(new Error("nobody streams")),
    wait: virtualMachine().wait,
    connect: (...settings) => {
      connected.push(settings);
      return fakeSlots(services).ask;
    },
    readFile: async (path) => {
      read.push(path);
      const text = files[path] ?? files["*"] ?? (Object.keys(files).length === 0 ? golden(300) : undefined);
      if (text === undefined) throw new Error(`ENOENT: ${path}`);
      return text;
    },
  };
  return { tools, connected, read };
}
const run = (world: World, services = GOOD) =>
  testCandidate(world.context(), toolsFor(services).tools, OPTIONS);
const broken: Service = (question, count) =>
  question.path === "/predict" && question.method === "POST" && String(question.body).startsWith('{"x":')
    ? json(500, { modelVersion: "2" })
    : GOOD.green(question, count);

describe("test", () => {
  test("says at once that ECS gave the candidate up, and asks and stores nothing", async () => {
    const world = new World(untested());
    world.rollout.green = { state: "FAILED" };
    const { tools, connected } = toolsFor();
    const refused = testCandidate(world.context(), tools, OPTIONS);
    await expect(refused).rejects.toMatchObject({ code: "BG140", exitCode: 10 });
    expect([connected, world.updates]).toEqual([[], 0]);
  });

  test("says at once that the candidate has no healthy task, for the load balancer's 503 is no model's answer", async () => {
    const world = new World(untested());
    world.health.green = counts(0, { initial: 1 });
    const { tools, connected } = toolsFor();
    const refused = testCandidate(world.context(), tools, OPTIONS);
    await expect(refused).rejects.toMatchObject({ code: "BG184", exitCode: 10 });
    await expect(refused).rejects.toThrow("On green 0 targets are unhealthy, 1 are starting.");
    expect([connected, world.updates]).toEqual([[], 0]);
  });

  test("stores what it found in one update that users do not notice", async () => {
    const world = new World(untested());
    const outcome = await run(world);
    expect(outcome).toMatchObject({ exitCode: 0, outcome: "passed", slot: "green", comparedWith: "blue" });
    expect(world.log).toEqual(["route: bluegreen: release v2-g3: pre-traffic tests passed"]);
    expect(world.config.release).toMatchObject({
      state: "deployed",
      weight: 0,
      tested: {
        outcome: "passed",
        digest: outcome.digest,
        at: "2026-01-01T00:00:00.000Z",
        taskDefinition: "arn:task/green:2",
      },
    });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.generation).toBe(4);
  });

  test("names what was waived in the release, the audit log, the status and wherever a person approves", async () => {
    const takesAnything: Service = (question, count) => {
      const reply = GOOD.green(question, count);
      return question.path === "/predict" && reply.status !== 200
        ? json(200, { prediction: 0, modelVersion: "2" })
        : reply;
    };
    const raw = untested();
    const world = new World({
      ...raw,
      rollout: { ...raw.rollout, approvals: [10] },
      suite: { waive: { "malformed-input": "as ever" } },
    });
    const outcome = await run(world, { ...GOOD, green: takesAnything });
    expect(outcome).toMatchObject({ exitCode: 0, outcome: "passed" });
    expect(outcome.sentence).toContain("passed, waived: malformed-input (fail: as ever)");
    expect(showTest(outcome)).toMatch(/✗ malformed-input +\(waived: as ever\) no 4xx for/);
    expect(world.config.release?.tested?.waived).toEqual(["malformed-input (fail: as ever)"]);
    const words = "its pre-traffic tests waived malformed-input (fail: as ever)";
    expect((await status(world.context())).sentence).toContain(words);
    const waiting = await rollout(world.context(), POLL);
    expect(waiting.sentence).toContain(`10 % is for a person to approve (${words})`);
    const record = evidenceRecord(STACK, waiting.last, world.clock.now());
    expect([markdown(record), explanation(record).replaceAll(/\s+/g, " ")]).toEqual([
      expect.stringContaining(words),
      expect.stringContaining(words),
    ]);
    const approved = await approve(world.context(), undefined);
    expect(approved.sentence).toContain(`10 % of release v2-g3 is approved (${words})`);
    expect(world.log).toEqual([
      "route: bluegreen: release v2-g3: pre-traffic tests passed, waived: malformed-input (fail: as ever)",
      `route: bluegreen: release v2-g3 may go to 10 %, approved by tester@host; ${words}`,
    ]);
  });

  test("asks with the stack's URL, the first of its tokens and the policy's limit", async () => {
    const { tools, connected, read } = toolsFor();
    const other = "b".repeat(32);
    const world = new World({ ...untested(), testToken: `${TOKEN},${other}`, suite: { answerSeconds: 3 } });
    await testCandidate(world.context(), tools, OPTIONS);
    expect(connected).toEqual([[expect.objectContaining({ url: "http://127.0.0.1:1" }), TOKEN, 3]]);
    expect(read).toEqual(["examples/digits/golden.jsonl"]);
  });

  test("prefers the golden set of this run, then the configured one", async () => {
    const world = new World({ ...untested(), suite: { goldenSet: "data/golden.jsonl" } });
    const configured = toolsFor();
    await testCandidate(world.context(), configured.tools, OPTIONS);
    const own = toolsFor();
    await testCandidate(world.context(), own.tools, { golden: "/tmp/mine.jsonl" });
    expect([...configured.read, ...own.read]).toEqual(["data/golden.jsonl", "/tmp/mine.jsonl"]);
  });

  test("stores a failure, and says in one sentence what failed", async () => {
    const world = new World(untested());
    const outcome = await run(world, { ...GOOD, green: goodService("1") });
    expect(outcome).toMatchObject({ exitCode: 10, outcome: "failed" });
    expect(outcome.sentence).toContain("version: green has version 2, but version 1 answered: a mix-up");
    expect(world.config.release?.tested?.outcome).toBe("failed");
    expect(world.log).toEqual(["route: bluegreen: release v2-g3: pre-traffic tests failed"]);
  });

  test("needs manual action when the golden set is too small to see anything", async () => {
    const world = new World(untested());
    const { tools } = toolsFor(GOOD, { "*": golden(20) });
    const outcome = await testCandidate(world.context(), tools, OPTIONS);
    expect(outcome).toMatchObject({ exitCode: 10, outcome: "insufficient" });
    expect(world.config.release?.tested?.outcome).toBe("insufficient");
  });

  test("makes another digest of other settings, another golden set, other numbers; the same of the same", async () => {
    const digest = async (own: object, services = GOOD, files = {}) => {
      const { tools } = toolsFor(services, files);
      return (await testCandidate(new World({ ...untested(), ...own }).context(), tools, OPTIONS)).digest;
    };
    const first = await digest({});
    expect(await digest({})).toBe(first);
    const others = [
      await digest({ suite: { minAccuracy: 0.81 } }),
      await digest({}, GOOD, { "*": golden(301) }),
      await digest({}, { ...GOOD, green: broken }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  test("tests the first model of a stack against absolute bounds, and says so", async () => {
    const { release } = untested();
    const first = { ...oneModel(), ...LOCAL, release: { ...release, slot: "blue", state: "promoted" } };
    const outcome = await run(new World(first));
    expect(outcome).toMatchObject({ exitCode: 0, slot: "blue", comparedWith: undefined });
    expect(outcome.sentence).toContain("absolute checks only: the stack has no other model");
  });

  test.each([
    ["without a candidate", oneModel(), "BG113"],
    ["of a promoted release with a standby", promoted(), "BG113"],
    ["of a release that has users", sharing(10), "BG110"],
    ["without a token", { ...untested(), testToken: undefined }, "BG180"],
  ])("is refused %s", async (_what, raw, code) => {
    const given = Object.entries({ ...LOCAL, ...raw }).filter(([, value]) => value !== undefined);
    const world = new World(Object.fromEntries(given));
    await expect(run(world)).rejects.toMatchObject({ code });
    expect(world.log).toEqual([]);
  });

  test.each([
    ["missing", { other: "" }, "ENOENT"],
    ["empty", { "*": "\n" }, "it has no examples"],
    ["without labels", { "*": '{"x":1}' }, "line 1 is no JSON object with a label"],
  ])("refuses a golden set that is %s", async (_what, files, said) => {
    const { tools } = toolsFor(GOOD, files);
    const context = new World(untested()).context();
    await expect(testCandidate(context, tools, OPTIONS)).rejects.toMatchObject({
      code: "BG181",
      message: expect.stringContaining(said),
    });
  });

  test("does not take the example's golden set for that of a stack on AWS", async () => {
    const raw = { ...untested(), localCloud: undefined, service: { testCidrs: ["10.0.0.0/8"] } };
    const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
    await expect(run(new World(given))).rejects.toMatchObject({ code: "BG181" });
  });

  test("tells what it measured when the result cannot be stored", async () => {
    const world = new World(untested());
    world.locks = [{ who: "ann@ci (pid 7)", dead: false }];
    await expect(run(world)).rejects.toMatchObject({ code: "BG131" });
    expect(world.config.release?.tested).toBeUndefined();
    expect(world.events).toContainEqual({
      kind: "note",
      message: expect.stringMatching(/^not stored: accuracy pass: 100\.0 % of 300 answers/),
    });
  });
});

describe("rollout", () => {
  test.each([
    ["was not tested", undefined, "it was not tested"],
    ["failed its tests", { outcome: "failed" }, "its pre-traffic tests failed"],
    ["was tested with too little", { outcome: "insufficient" }, "its pre-traffic tests were insufficient"],
    [
      "runs another task definition since",
      { taskDefinition: "arn:task/green:1" },
      "its task definition has changed since it was tested",
    ],
  ])("refuses a candidate that %s, or writes it down", async (_what, own, why) => {
    const { release } = candidateReady();
    const raw = {
      ...candidateReady(),
      release: { ...release, tested: own && { ...release.tested, ...own } },
    };
    const world = new World(raw);
    await expect(rollout(world.context(), POLL)).rejects.toMatchObject({
      code: "BG182",
      exitCode: 10,
      message: expect.stringContaining(why),
    });
    expect(world.log).toEqual([]);
    expect(await status(world.context())).toMatchObject({ next: "npx bluegreen test" });

    const context = world.context();
    const reasons: (string | undefined)[] = [];
    world.onSleep = () => reasons.push(world.config.release?.reason);
    expect(await rollout(context, { ...POLL, skipTests: true })).toMatchObject({ result: "promoted" });
    expect(world.log[0]).toBe(`route: bluegreen: release v2-g3 (--skip-tests: ${why}) starts at 10 %`);
    expect(reasons[0]).toBe(`--skip-tests: ${why}`);
  });

  test("takes a candidate that passed, and keeps the result to the end", async () => {
    const world = new World(untested());
    await run(world);
    expect(await rollout(world.context(), POLL)).toMatchObject({ result: "promoted" });
    expect(world.config.release).toMatchObject({ state: "promoted", tested: { outcome: "passed" } });
  });

  test("refuses it again when another image was deployed after the tests", async () => {
    const world = new World({ ...candidateReady(), ...LOCAL });
    world.health = { blue: counts(2), green: counts(2) };
    const options = { modelVersion: "2", minTasks: undefined, maxTasks: undefined, overrides: {} };
    await deploy(world.context(), { ...options, image: DIGEST("c") });
    expect(world.config.release).toMatchObject({ state: "deployed", digest: DIGEST("c") });
    expect(world.config.release?.tested).toBeUndefined();
    await expect(rollout(world.context(), POLL)).rejects.toMatchObject({ code: "BG182" });
  });
});
