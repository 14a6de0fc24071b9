import { describe, expect, test } from "vitest";
import { definition as flask } from "../../../../validation/protocols/flask.ts";
import type { Ask } from "../../../../validation/protocols/ask.ts";
import { judge } from "../../../../validation/suite/judge.ts";
import { load } from "../../../../validation/suite/load/load.ts";
import { openLoop } from "../../../../validation/suite/load/open-loop.ts";
import { quantileOf } from "../../../../validation/suite/load/quantiles.ts";
import { randomFrom, rowExamples, rowSlots, SPEAKER, type RowModel } from "../support/batching.ts";
import { virtualMachine } from "../support/fake-slots.ts";
import { aSubject } from "../support/subject.ts";

const answer = (row: readonly number[]) => Number((row[0] ?? 0) > 0.5);
const random = randomFrom(7);
/** Half a millisecond a row and five a request, and now and then a pause. */
const usual = (rows: number) =>
  (0.005 + 0.0005 * rows) * (0.8 + 0.4 * random()) + (random() < 0.03 ? 0.05 : 0);
const GOOD: RowModel = { answer, seconds: usual };
const examples = rowExamples(200, 4, answer);
const introductions = {
  speakers: undefined,
  check: { name: "protocol", answer: "pass", reason: "", numbers: {} },
} as const;
const { policy } = aSubject({ introductions });
/** What was answered before, and how, bursts.test.ts has. */
const BEFORE = { pairs: [], task: undefined };

async function run(
  green: RowModel,
  blue: RowModel = GOOD,
  own: Partial<typeof policy> = {},
  isAlone = false,
) {
  const { ask, machine, requests, speakers } = rowSlots({ blue, green });
  const sides = { candidate: "green", active: isAlone ? undefined : "blue" } as const;
  const settings = { ...policy, ...own };
  const findings = await load(ask, sides, speakers, examples, BEFORE, settings, machine, () => {});
  const names = new Set(findings.map(({ name }) => name));
  const checks = judge([], settings, undefined, findings).filter(({ name }) => names.has(name));
  const failing = checks.filter((one) => one.answer !== "pass").map((one) => `${one.name}: ${one.answer}`);
  return { checks, failing, requests, seconds: machine.wall() / 1000 };
}

describe("load", () => {
  test("passes a candidate that is as fast, in batches of 1, 4 and 16, within seconds", async () => {
    const { checks, failing, requests, seconds } = await run(GOOD);
    expect(failing).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      "failures-under-load",
      "latency-batch-1-vs-active",
      "latency-batch-4-vs-active",
      "latency-batch-16-vs-active",
      "latency-burst-vs-active",
      "latency-tail-vs-active",
    ]);
    expect(requests.length).toBeLessThan(860);
    expect(seconds).toBeLessThan(15);
  });

  test("fails a model that is three times slower only with sixteen inputs at once, by that name alone", async () => {
    const slow: RowModel = { answer, seconds: (rows) => usual(rows) * (rows === 16 ? 3 : 1) };
    const { failing, checks } = await run(slow);
    expect(failing).toEqual(["latency-batch-16-vs-active: fail"]);
    const numbers = checks.find(({ name }) => name === "latency-batch-16-vs-active")?.numbers;
    const { candidateP50Ms = 0, candidateP50LowMs = 0, candidateP50HighMs = 0 } = numbers ?? {};
    expect(candidateP50LowMs).toBeLessThanOrEqual(candidateP50Ms);
    expect(candidateP50HighMs).toBeGreaterThanOrEqual(candidateP50Ms);
  });

  test("fails no good candidate in 200 runs", { timeout: 60_000 }, async () => {
    const failed: string[] = [];
    for (let nth = 0; nth < 200; nth += 1) failed.push(...(await run(GOOD)).failing);
    expect(failed.filter((one) => one.endsWith("fail"))).toEqual([]);
  });

  test("asks whether or not what was asked before has been answered", async () => {
    const { wall, wait } = virtualMachine();
    const begun: number[] = [];
    const ended = await openLoop(
      { wall, wait },
      { count: 5, gapMs: 10, untilMs: Number.POSITIVE_INFINITY },
      async () => {
        begun.push(wall());
        await wait(1000);
        return wall();
      },
    );
    expect(begun).toEqual([0, 10, 20, 30, 40]);
    expect(ended).toEqual([1000, 1010, 1020, 1030, 1040]);
  });

  test("ends with its time, and says how many pairs it lacks", async () => {
    const slow: RowModel = { answer, seconds: () => 2 };
    const { checks, seconds } = await run(slow, slow, { loadSeconds: 30 });
    expect(seconds).toBeLessThan(45);
    expect(checks.find(({ name }) => name === "latency-batch-1-vs-active")).toMatchObject({
      answer: "insufficient",
      reason: expect.stringMatching(/it takes \d+ pairs more/),
    });
  });

  test("warns of what so few pairs neither prove nor rule out, and stops nobody for it", async () => {
    // Every second answer takes twice as long: the median is on the edge.
    let asked = 0;
    const unsteady: RowModel = { answer, seconds: () => (++asked % 2 === 0 ? 0.02 : 0.01) };
    const steady: RowModel = { answer, seconds: () => 0.01 };
    const { checks } = await run(unsteady, steady);
    expect(checks.find(({ name }) => name === "latency-batch-1-vs-active")).toMatchObject({ answer: "warn" });
  });

  test("of a first model counts failures alone", async () => {
    const { checks, requests } = await run(GOOD, GOOD, {}, true);
    expect(checks.map(({ name, answer }) => `${name}: ${answer}`)).toEqual(["failures-under-load: pass"]);
    expect(requests.every(({ slot }) => slot === "green")).toBe(true);
  });

  test("asks for no batch that the active slot does not take either", async () => {
    const { ask, machine, speakers } = rowSlots({ blue: GOOD, green: GOOD });
    const few: Ask = async (slot, question) => {
      const isMany = JSON.stringify(question.body).split("],[").length > 8;
      return isMany ? { status: 400, seconds: 0.001, text: "at most 8" } : ask(slot, question);
    };
    const sides = { candidate: "green", active: "blue" } as const;
    const findings = await load(few, sides, speakers, examples, BEFORE, policy, machine, () => {});
    expect(findings.map(({ name }) => name)).not.toContain("latency-batch-16-vs-active");
    expect(findings[0]?.numbers).toMatchObject({ failed: 0 });
  });

  test("asks one at a time where a protocol has no batches, and with the largest bodies there are", async () => {
    const { machine } = rowSlots({ blue: GOOD, green: GOOD });
    const ask: Ask = async (slot, { body = "" }) => {
      const seconds = slot === "green" && String(body).length > 100 ? 0.03 : 0.01;
      await machine.wait(seconds * 1000);
      return { status: 200, seconds, text: '{"prediction":1}' };
    };
    const texts = Array.from({ length: 100 }, (_, nth) => {
      return { input: { text: "a".repeat(nth % 10 === 0 ? 500 : 20) }, label: 1 };
    });
    const speaker = { ...SPEAKER, protocol: flask };
    const sides = { candidate: "green", active: "blue" } as const;
    const speakers = { blue: speaker, green: speaker };
    const findings = await load(ask, sides, speakers, texts, BEFORE, policy, machine, () => {});
    const checks = judge([], policy, undefined, findings);
    const answerOf = (name: string) => checks.find((one) => one.name === name)?.answer;
    expect(answerOf("latency-batch-1-vs-active")).toBe("pass");
    expect(answerOf("latency-payload-vs-active")).toBe("fail");
  });
});

describe("a quantile", () => {
  test("lies between two values that hold it with 95 % confidence", () => {
    const values = Array.from({ length: 60 }, (_, nth) => nth + 1);
    expect(quantileOf(values, 0.5, 0.95)).toEqual({ value: 30, low: 22, high: 39 });
    expect(quantileOf(values, 0.99, 0.95)).toMatchObject({ value: 60, high: undefined });
    expect(quantileOf([], 0.5, 0.95)).toBeUndefined();
  });

  test("is in its interval 95 times in 100, whatever the distribution", () => {
    const draw = randomFrom(11);
    for (const [q, truth] of [
      [0.5, Math.log(2)],
      [0.9, Math.log(10)],
    ] as const) {
      let held = 0;
      for (let nth = 0; nth < 2000; nth += 1) {
        const values = Array.from({ length: 60 }, () => -Math.log(1 - draw()));
        const found = quantileOf(values, q, 0.95);
        const { low = 0, high = Number.POSITIVE_INFINITY } = found ?? {};
        if (low <= truth && truth <= high) held += 1;
      }
      expect(held / 2000).toBeGreaterThan(0.945);
    }
  });
});
