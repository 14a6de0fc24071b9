import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/stack-config.ts";
import { readGolden } from "../../../validation/suite/golden.ts";
import { malformed } from "../../../validation/suite/malformed.ts";
import { runSuite, type Subject } from "../../../validation/suite/run.ts";
import { fakeSlots, golden, goodService, json, type Service } from "./support/fake-slots.ts";

const parsed = parseConfig({});
if (!parsed.ok) throw new Error("the defaults do not parse");
const examples = readGolden(golden(300));
if (typeof examples === "string") throw new Error(examples);
const subject: Subject = {
  sides: { candidate: "green", active: "blue" },
  versions: { blue: "1", green: "2" },
  healthPath: "/health",
  policy: parsed.config.suite,
  examples,
};
const run = async (green: Service, own: Partial<Subject> = {}, blue = goodService("1")) => {
  const slots = fakeSlots({ blue, green });
  const result = await runSuite(slots.ask, { ...subject, ...own }, slots.wall);
  const notGood = result.checks.filter(({ answer }) => answer !== "pass");
  return { ...result, slots, notGood, names: notGood.map(({ name, answer }) => `${name}: ${answer}`) };
};
const good = goodService("2");
const isPredict: (question: Parameters<Service>[0]) => boolean = ({ path }) => path === "/predict";

describe("the suite", () => {
  test("passes a good candidate", async () => {
    const { outcome, notGood, checks } = await run(good);
    expect(notGood).toEqual([]);
    expect(outcome).toBe("passed");
    expect(checks.map(({ name }) => name)).toEqual([
      "health",
      "metadata",
      "version",
      "failures",
      "accuracy",
      "failures-vs-active",
      "accuracy-vs-active",
      "latency-vs-active",
      "malformed-input",
      "well-afterwards",
    ]);
  });

  test("asks both slots each example directly one after the other, and in turn first", async () => {
    const { slots, pairs } = await run(good);
    expect(pairs).toHaveLength(300);
    const measured = slots.asked.filter(({ question }) => isPredict(question)).slice(2 + 2 * 40, 2 + 2 * 340);
    const order = Array.from({ length: 300 }, (_, i) => measured.slice(2 * i, 2 * i + 2));
    order.forEach(([first, second], index) => {
      expect(first?.question.body).toBe(second?.question.body);
      expect([first?.slot, second?.slot]).toEqual(index % 2 === 0 ? ["green", "blue"] : ["blue", "green"]);
    });
  });

  test("has seen no version where no example was answered", async () => {
    let predictions = 0;
    // Good manners at first, while it is asked who it is.
    const silent: Service = (question, count) =>
      isPredict(question) && ++predictions > 1 ? json(503, { error: "busy" }) : good(question, count);
    const { notGood, outcome } = await run(silent);
    expect(outcome).toBe("failed");
    expect(notGood.find(({ name }) => name === "version")).toMatchObject({
      answer: "insufficient",
      reason: "no example was answered by green, so nobody saw its version there",
    });
  });

  test("compares with nothing for the first model of a stack", async () => {
    const { outcome, slots, checks } = await run(good, { sides: { candidate: "green", active: undefined } });
    expect(outcome).toBe("passed");
    expect(checks.filter(({ name }) => name.endsWith("-vs-active"))).toEqual([]);
    expect(slots.asked.filter(({ slot }) => slot === "blue")).toEqual([]);
  });

  test("names a mix-up, and asks a slot that is another model nothing more", async () => {
    const { outcome, checks, slots } = await run(goodService("1"));
    expect(outcome).toBe("failed");
    expect(checks.find(({ name }) => name === "version")?.reason).toBe(
      "green has version 2, but version 1 answered: a mix-up, that version is on blue",
    );
    expect(checks.filter(({ answer }) => answer === "notRun").map(({ name }) => name)).toContain("accuracy");
    expect(slots.asked.length).toBeLessThan(10);
  });

  test("finds the one task in many that is still the former model", async () => {
    const { names } = await run((question, count) =>
      count > 200 && count % 40 === 0 ? goodService("1")(question, count) : good(question, count),
    );
    expect(names).toContain("version: fail");
  });

  test("wants a version in every answer", async () => {
    const { notGood } = await run((question, count) => {
      const reply = good(question, count);
      return isPredict(question) ? json(reply.status, { prediction: 1 }) : reply;
    });
    expect(notGood[0]?.reason).toBe("green has version 2, but its answer (200) names no modelVersion");
  });

  test.each([
    ["health", "/health"],
    ["metadata", "/metadata"],
  ])("stops a candidate without a good %s", async (name, path) => {
    const { names } = await run((question, count) =>
      question.path === path ? json(503, {}) : good(question, count),
    );
    expect(names).toContain(`${name}: fail`);
  });

  test("does not take one failed request of the active slot for a broken contract", async () => {
    let failed = 0;
    const { outcome } = await run(good, {}, (question, count) => {
      if (!isPredict(question) || failed > 0) return goodService("1")(question, count);
      failed += 1;
      return json(500, {});
    });
    expect(outcome).toBe("passed");
  });

  test.each([
    ["accepts it", 200, "NaN: 200"],
    ["breaks on it", 500, "NaN: 500"],
    ["never answers it", 0, "NaN: {}"],
  ])("stops a candidate that gets wrong input and %s", async (_what, status, said) => {
    const { names, notGood } = await run((question, count) =>
      String(question.body).includes("NaN") ? json(status, {}) : good(question, count),
    );
    expect(names).toEqual(["malformed-input: fail"]);
    expect(notGood[0]?.reason).toContain(said);
  });

  test("stops a candidate that wrong input leaves ill", async () => {
    let ill = false;
    const { names } = await run((question, count) => {
      ill ||= question.body === "null";
      return ill && question.path !== "/metadata" && question.body !== "null"
        ? { ...json(question.path === "/health" ? 503 : 400, {}) }
        : good(question, count);
    });
    expect(names).toEqual(["well-afterwards: fail"]);
  });

  test("ends within its time with a candidate that gets slower and slower, and fails it for that", async () => {
    let seconds = 0;
    const { names, slots, pairs } = await run((question, count) => {
      if (!isPredict(question) || question.method !== "POST") return good(question, count);
      seconds = Math.min(3, seconds + 0.02);
      return { ...good(question, count), seconds };
    });
    expect(names).toContain("latency-vs-active: fail");
    expect(pairs.length).toBeLessThan(300);
    // Sixty seconds of measuring, one pair that had begun, and twenty wrong inputs of three seconds at most.
    expect(slots.wall()).toBeLessThan((60 + 4 + 21 * 3) * 1000);
  });
});

describe("the wrong inputs", () => {
  test("are twenty, each another one, and none of them is the example itself", () => {
    const [example] = examples;
    if (example === undefined) throw new Error("no example");
    const table = malformed(example);
    expect(table).toHaveLength(20);
    expect(new Set(table.map(({ what }) => what)).size).toBe(20);
    expect(new Set(table.map(({ question }) => JSON.stringify(question))).size).toBe(20);
    const good = table.filter(({ question }) => question.body === example.body);
    expect(good.map(({ what }) => what)).toEqual(["another content type"]);
  });

  test("put what is no number where the example has one, wherever that is", () => {
    const bodyOf = (body: string) =>
      malformed({ body, label: 1 }).find(({ what }) => what === "NaN")?.question.body;
    expect(bodyOf('{"features":[1,2.5,-3e7]}')).toBe('{"features":[1,2.5,NaN]}');
    expect(bodyOf('{"a":{"b":4},"c":"5"}')).toBe('{"a":{"b":NaN},"c":"5"}');
    expect(bodyOf('{"text":"in 1999"}')).toBe('{"text":NaN}');
  });
});

describe("a golden set", () => {
  test("is one request and its label a line", () => {
    expect(readGolden('{"a":[1],"label":"x"}\n\n{"label":0,"b":2}\n')).toEqual([
      { body: '{"a":[1]}', label: "x" },
      { body: '{"b":2}', label: 0 },
    ]);
  });

  test.each([
    ["", "it has no examples"],
    ['{"a":1,"label":1}\n{"a":1}', "line 2 is no JSON object with a label"],
    ["[1]", "line 1 is no JSON object with a label"],
    ["{", "line 1 is no JSON object with a label"],
  ])("of %j is refused: %s", (text, problem) => {
    expect(readGolden(text)).toBe(problem);
  });
});
