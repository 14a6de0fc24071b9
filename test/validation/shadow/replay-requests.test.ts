import { describe, expect, test } from "vitest";
import { showShadow } from "../../../cli/view/shadow.ts";
import type { PerSlot } from "../../../contract/slot.ts";
import { randomOf } from "../../../validation/core/planning/random.ts";
import { replayRequests, type ReplayRequestsOptions } from "../../../validation/shadow/replay-requests.ts";
import { fakeSlots, goodService, json, type Service } from "../suite/support/fake-slots.ts";
import { candidateReady, counts, oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

const TOKEN = "a".repeat(32);
const withToken = <T extends object>(raw: T) => ({
  ...raw,
  testToken: TOKEN,
  localCloud: "http://127.0.0.1:1",
});
const GOOD: PerSlot<Service> = { blue: goodService("1"), green: goodService("2") };

const requests = (n: number, more: object = {}) =>
  Array.from({ length: n }, (_, x) =>
    JSON.stringify({ method: "POST", path: "/predict", body: { x }, ...more }),
  ).join("\n");

/** As `of`, but for one answer in so many, which is another each time. */
function sampling(of: Service, part: number, seed: number): Service {
  const random = randomOf(seed);
  return (question, count) =>
    question.path === "/predict" && random() < part
      ? json(200, { prediction: 100 + random(), modelVersion: "1" })
      : of(question, count);
}

/** Another answer for each input that is divisible by `n`. */
const wrongAt =
  (of: Service, n: number, answer = json(200, { prediction: 9, modelVersion: "2" })): Service =>
  (question, count) => {
    const { x } = question.path === "/predict" ? JSON.parse(String(question.body ?? "{}")) : { x: 1 };
    return x % n === 0 ? answer : of(question, count);
  };

async function replayed(
  text: string,
  services = GOOD,
  options: Partial<ReplayRequestsOptions> = {},
  world = new World(withToken(candidateReady())),
) {
  const slots = fakeSlots(services);
  const outcome = await replayRequests(
    world.context(),
    { connect: () => slots.ask, readFile: async () => text },
    { file: "recorded.jsonl", safe: [], concurrency: 2, ...options },
  );
  const predictions = slots.asked.filter(
    ({ question }) => question.method === "POST" && question.body !== "null",
  );
  return { outcome, asked: predictions, world };
}

describe("replay-requests", () => {
  test("asks however many different requests there are", async () => {
    const begun = new Error("the second one is asked");
    const answered = goodService("1");
    const asking: Service = (question, count) => {
      if (String(question.body).includes('"x":1}')) throw begun;
      return answered(question, count);
    };
    const replay = replayed(requests(150_000), { blue: asking, green: asking }, { allowedDisagreement: 0.1 });
    await expect(replay).rejects.toBe(begun);
  });

  test("asks the candidate once and the active slot twice, in an order that is not always the same", async () => {
    const { asked, outcome, world } = await replayed(requests(120), GOOD, { concurrency: 1 });
    const own = asked.slice(-360);
    const orders = Array.from({ length: 120 }, (_, at) => own.slice(3 * at, 3 * at + 3));
    for (const three of orders) {
      expect(three.map(({ slot }) => slot).toSorted()).toEqual(["blue", "blue", "green"]);
      expect(new Set(three.map(({ question }) => question.body)).size).toBe(1);
    }
    const places = orders.map((three) => three.findIndex(({ slot }) => slot === "green"));
    for (const place of [0, 1, 2]) expect(places.filter((one) => one === place).length).toBeGreaterThan(15);
    expect(outcome).toMatchObject({ asked: 120, activeFailed: 0, exitCode: 0, active: "blue" });
    expect(world.updates).toBe(0);
  });

  test("tells a candidate that answers otherwise from a model that does not answer itself alike", async () => {
    const noisy = { blue: sampling(GOOD.blue, 0.05, 1), green: sampling(GOOD.green, 0.05, 2) };
    const { outcome: same } = await replayed(requests(1500), noisy);
    expect(same.disagreement.activeDiffers).toBeGreaterThan(0.05);
    expect(same.disagreement.seenAtMs).toBeUndefined();
    const worse = { ...noisy, green: wrongAt(noisy.green, 10) };
    const { outcome: other } = await replayed(requests(1500), worse);
    expect(other.disagreement.seenAtMs).toBeDefined();
    expect(other.disagreement.low).toBeGreaterThan(0);
    expect(other.sentence).toMatch(
      /^green answers 1\d % of 1500 requests otherwise than blue, blue itself (9|1\d|9\.\d) % when asked again: \d+\.?\d* points more \(.*; it differs more than the active model from itself \(e-value .*; green gave an answer to all; neither took clearly longer$/,
    );
  });

  test("tells a candidate that takes clearly longer, and by a factor alone nothing is said", async () => {
    const late =
      (service: Service, seconds: number): Service =>
      (question, count) => {
        const reply = service(question, count);
        return { ...reply, seconds };
      };
    const { outcome: slow } = await replayed(requests(120), { ...GOOD, green: late(GOOD.green, 0.3) });
    expect(slow.sentence).toMatch(
      /; green took clearly longer in 120 of 120, blue in 0 when asked again, which is more than chance$/,
    );
    const { outcome: little } = await replayed(requests(120), { ...GOOD, green: late(GOOD.green, 0.04) });
    expect(little.sentence).toMatch(/; neither took clearly longer$/);
    expect(slow.exitCode).toBe(0);
  });

  test("ends by what is allowed: with 0 where it is shown, 10 where it is more, 11 where nobody can tell", async () => {
    const one = { ...GOOD, green: wrongAt(GOOD.green, 20) };
    const ends = async (n: number, allowedDisagreement: number | undefined, services = one) =>
      (await replayed(requests(n), services, { allowedDisagreement })).outcome.exitCode;
    expect(await ends(1000, undefined)).toBe(0);
    expect(await ends(1000, 0.01)).toBe(10);
    expect(await ends(1000, 0.1)).toBe(0);
    expect(await ends(40, 0.1)).toBe(11);
    expect(await ends(1000, 0.01, GOOD)).toBe(0);
  });

  test("of one request that came again and again, and is answered otherwise each time, concludes little", async () => {
    const text = `${requests(60)}\n${Array.from({ length: 60 }, () => requests(1)).join("\n")}`;
    const one = { ...GOOD, green: wrongAt(GOOD.green, 1000) };
    const { outcome } = await replayed(text, one, { allowedDisagreement: 0.1 });
    expect(outcome.policy.clusterSize).toBe(61);
    expect(outcome.disagreement.candidateDiffers).toBeGreaterThan(0.5);
    expect(outcome.exitCode).toBe(11);
  });

  test("counts an answer that does not come as a failure, and not as another answer", async () => {
    const failing = { ...GOOD, green: wrongAt(GOOD.green, 10, json(503, {})) };
    const { outcome } = await replayed(requests(600), failing, { allowedDisagreement: 0.05 });
    expect(outcome.disagreement).toMatchObject({ pairs: 540, candidateDiffers: 0 });
    expect(outcome.sentence).toContain(
      "green gave no answer to 60 of 600, blue to 0 when asked again, which is more than chance",
    );
    expect(outcome.exitCode).toBe(10);
  });

  test("compares nothing where the active slot itself gave no answer", async () => {
    const failing = { ...GOOD, blue: wrongAt(GOOD.blue, 10, json(503, {})) };
    const { outcome } = await replayed(requests(100), failing);
    expect(outcome).toMatchObject({ asked: 100, activeFailed: 10 });
    expect(outcome.disagreement.pairs).toBe(90);
    expect(outcome.sentence).toContain("blue itself gave no answer to 10 of 100");
  });

  test("takes it for no good news that both slots refuse the same requests", async () => {
    const text = requests(400).replaceAll('"x"', '"y"');
    const { outcome } = await replayed(text, GOOD, { allowedDisagreement: 0.05 });
    expect(outcome).toMatchObject({ exitCode: 11, activeRefused: 400, disagreement: { pairs: 0 } });
    expect(outcome.sentence).toBe(
      "no request was answered by green and twice by blue; green gave an answer to all; blue itself refused 400 of 400",
    );
    const { outcome: one } = await replayed(requests(40), {
      ...GOOD,
      green: wrongAt(GOOD.green, 4, json(400, {})),
    });
    expect(one.disagreement).toMatchObject({ pairs: 40, candidateDiffers: 0.25 });
  });

  test("reads the agent's predictions, and says which lines have no input to ask with", async () => {
    const text = [
      JSON.stringify({ prediction: { requestId: "1", input: { x: 4 }, answer: { prediction: 1 } } }),
      JSON.stringify({ prediction: { requestId: "2", input: '{"x":5}' } }),
      JSON.stringify({ prediction: { requestId: "3", digest: "sha256:…" } }),
      "agent: front, capture for fraud/prod, blue, version 1",
      JSON.stringify({ _aws: {}, Streams: 3 }),
    ].join("\n");
    const { outcome, asked } = await replayed(text);
    expect(outcome).toMatchObject({ asked: 2, skipped: { "of its request there is a digest alone": 1 } });
    expect(Object.values(outcome.skipped)).toEqual([1, 2]);
    expect(new Set(asked.map(({ question }) => question.body))).toContain('{"x":5}');
  });

  test("asks where and as what the agent's line says that it was asked", async () => {
    const prediction = {
      requestId: "1",
      method: "POST",
      path: "/v2/rows",
      contentType: "text/csv",
      input: "1,2",
    };
    const { asked } = await replayed(JSON.stringify({ prediction }), GOOD, {
      safe: [{ method: "POST", path: "/v2/rows" }],
    });
    const question = { method: "POST", path: "/v2/rows", contentType: "text/csv", body: "1,2" };
    expect(asked.map((one) => one.question)).toContainEqual(question);
  });

  test("asks only what is declared safe, and never as the user who asked first", async () => {
    const headers = { Cookie: "session=1", Host: "model.example.com", "X-Slot": "green", "X-Tenant": "7" };
    const text = [
      requests(1, { headers }),
      JSON.stringify({ method: "DELETE", path: "/models/1" }),
      JSON.stringify({ method: "POST", path: "/feedback", body: {} }),
      JSON.stringify({ method: "GET", path: "/metadata?full=1" }),
    ].join("\n");
    const { outcome, asked } = await replayed(text);
    expect(outcome.skipped).toEqual({
      "method DELETE may change something": 1,
      "POST /feedback is not declared safe": 1,
      "GET /metadata is not declared safe": 1,
    });
    expect(asked.at(-1)?.question.headers).toEqual({ "x-tenant": "7" });
    const page = `${requests(1)}\n${JSON.stringify({ method: "GET", path: "/metadata" })}`;
    const wider = await replayed(page, GOOD, { safe: [{ method: "GET", path: "/metadata" }] });
    // Of the two versions each page says another.
    expect(wider.outcome).toMatchObject({ asked: 2, disagreement: { pairs: 2, candidateDiffers: 0 } });
  });

  test("shows latency, what was left out, and the answers that differ", async () => {
    const one = { ...GOOD, green: wrongAt(GOOD.green, 20) };
    const { outcome } = await replayed(`${requests(40)}\n{"method":"DELETE","path":"/x"}`, one);
    const shown = showShadow(outcome);
    expect(shown).toContain("40 requests, each to green once and to blue twice");
    expect(shown).toContain("not asked: 1 × method DELETE may change something");
    expect(shown).toContain("green (blue): p50 10.0 ms (10.0)");
    expect(shown).toContain('line 1: blue    200: {"prediction":0,"modelVersion":"1"}');
    expect(shown).toContain('        green   200: {"prediction":9,"modelVersion":"2"}');
    expect(shown.split("\n").at(-1)).toBe(`→ ${outcome.sentence}`);
  });

  test("takes numbers that are near for one answer where that is said", async () => {
    const near: Service = (question, count) =>
      question.path === "/predict"
        ? json(200, { prediction: 1.02, modelVersion: "2" })
        : GOOD.green(question, count);
    const one: Service = (question, count) =>
      question.path === "/predict"
        ? json(200, { prediction: 1.5, modelVersion: "1" })
        : GOOD.blue(question, count);
    const services = { blue: one, green: near };
    expect((await replayed(requests(20), services)).outcome.disagreement.candidateDiffers).toBe(1);
    const { outcome } = await replayed(requests(20), services, { within: 0.5 });
    expect(outcome.disagreement.candidateDiffers).toBe(0);
  });

  test("refuses a stack with one model, a slot without tasks, a file of something else, and one without requests", async () => {
    const refused = (text: string, world = new World(withToken(candidateReady()))) =>
      replayed(text, GOOD, {}, world).then(
        () => "asked",
        (error: unknown) => error,
      );
    expect(await refused(requests(1), new World(withToken(oneModel())))).toMatchObject({ code: "BG113" });
    const without = new World(withToken(candidateReady()));
    without.health.green = counts(0, { initial: 1 });
    expect(await refused(requests(1), without)).toMatchObject({ code: "BG184" });
    expect(await refused(requests(1), new World(candidateReady()))).toMatchObject({ code: "BG180" });
    expect(await refused("x,y\n1,2")).toMatchObject({
      code: "BG192",
      message: expect.stringContaining("recorded.jsonl has none (2 × neither"),
    });
    expect(await refused('{"method":"DELETE","path":"/x"}')).toMatchObject({
      code: "BG192",
      message: expect.stringContaining("safe are POST /predict"),
    });
  });
});
