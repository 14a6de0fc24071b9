import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { readGolden } from "../../../validation/suite/golden.ts";
import { runSuite, type Subject } from "../../../validation/suite/run.ts";
import { fakeSlots, golden, goodService, introduced, json, type Service } from "./support/fake-slots.ts";

const parsed = parseConfig({});
if (!parsed.ok) throw new Error("the defaults do not parse");
const examples = readGolden(golden(300));
if (typeof examples === "string") throw new Error(examples);
const subject: Omit<Subject, "introductions"> = {
  sides: { candidate: "green", active: "blue" },
  versions: { deployed: { blue: "1", green: "2" } },
  healthPath: "/health",
  policy: parsed.config.suite,
  examples,
};
const run = async (green: Service, own: Partial<Subject> = {}, blue = goodService("1")) => {
  const slots = fakeSlots({ blue, green });
  const about = { ...subject, ...own };
  const introductions = await introduced(slots.ask, about.sides);
  const result = await runSuite(slots.ask, { ...about, introductions }, slots.machine);
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
    const ofClasses = ["constant-answers", "missing-classes", "swapped-classes", "recall-vs-active"];
    for (const { name, numbers } of checks.filter((one) => "pValue" in one.numbers)) {
      const wanted = ["n", "value", ...(ofClasses.includes(name) ? [] : ["bound"])];
      expect([name, wanted.filter((number) => !(number in numbers))]).toEqual([name, []]);
    }
    expect(checks.map(({ name }) => name)).toEqual([
      "protocol",
      "health",
      "metadata",
      "version",
      "failures",
      "accuracy",
      "failures-vs-active",
      "accuracy-vs-active",
      "latency-vs-active",
      "constant-answers",
      "missing-classes",
      "swapped-classes",
      "recall-vs-active",
      "failures-under-load",
      "latency-batch-1-vs-active",
      "answers-under-load-vs-active",
      "latency-burst-vs-active",
      "latency-tail-vs-active",
      "feature-sensitivity",
      "perturbation",
      "finite-answers",
      "answer-form",
      "repeatability",
      "large-body",
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
    // Good malformed input at first, while it is asked who it is.
    const silent: Service = (question, count) =>
      isPredict(question) && ++predictions > 1 ? json(503, { error: "busy" }) : good(question, count);
    const { notGood, outcome } = await run(silent);
    expect(outcome).toBe("failed");
    expect(notGood.find(({ name }) => name === "version")).toMatchObject({
      answer: "insufficient",
      reason:
        'no example was answered by green, so nobody saw its version there; it said 503: {"error":"busy"}',
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
      count > 200 && count % 39 === 0 ? goodService("1")(question, count) : good(question, count),
    );
    expect(names).toContain("version: fail");
  });

  test("wants a version in every answer", async () => {
    const { notGood } = await run((question, count) => {
      const reply = good(question, count);
      return isPredict(question) ? json(reply.status, { prediction: 1 }) : reply;
    });
    expect(notGood[0]?.reason).toBe(
      'green has version 2, but its answer names no modelVersion (200: {"prediction":1})',
    );
  });

  test("shows what was said when the golden set does not fit the model, and asks everything else all the same", async () => {
    const said = `64 numbers are needed\n\u001b[31m${"x".repeat(400)}`;
    const { names, notGood, checks, outcome } = await run((question, count) =>
      isPredict(question) ? { status: 400, text: said } : good(question, count),
    );
    expect(outcome).toBe("failed");
    expect(checks.filter(({ answer }) => answer === "notRun")).toEqual([]);
    expect(names).toContain("failures: fail");
    expect(checks.find(({ name }) => name === "failures")?.reason).toContain(
      "300 of 300 valid requests failed (such as 400: 64 numbers are needed",
    );
    expect(checks.find(({ name }) => name === "malformed-input")?.answer).toBe("pass");
    const begin = `400: ${said.replace("\n", " ").slice(0, 300)}…`;
    expect(notGood[0]).toMatchObject({
      name: "version",
      answer: "insufficient",
      reason: `no example was answered by green, so nobody saw its version there; it said ${begin}; does the golden set fit the model?`,
    });
  });

  const saying = (text: string) =>
    run((question, count) => {
      const reply = good(question, count);
      return isPredict(question) && reply.status === 200 ? { status: 200, text } : reply;
    });

  test.each([
    ['{"prediction": NaN, "modelVersion": "2"}', "a prediction that is no finite number"],
    ['{"prediction": 1e999, "modelVersion": "2"}', "a prediction that is no finite number"],
    ['{"prediction": [0.5, "-Infinity"], "modelVersion": "2"}', "a prediction that is no finite number"],
    ['{"prediction": null, "modelVersion": "2"}', "a prediction of null"],
    ['{"prediction": [1, null], "modelVersion": "2"}', "a prediction of null"],
    ['{"error": "CUDA out of memory", "modelVersion": "2"}', "no prediction"],
    ["[1]", "no JSON object"],
  ])("counts the answer 200 with %s as a failure: %s", async (text, flaw) => {
    const { notGood } = await saying(text);
    expect(notGood.find(({ name }) => name === "failures")).toMatchObject({
      answer: "fail",
      reason: `300 of 300 valid requests failed (such as ${flaw}, 200: ${text}), allowed are 5.0 %`,
    });
  });

  test.each([
    ['{"prediction": {"class": 1, "explanation": null}, "modelVersion": "2"}', {}],
    ['{"prediction": null, "modelVersion": "2"}', { label: null }],
    ['{"prediction": "NaN", "modelVersion": "2"}', { label: "NaN" }],
  ])("takes %s for an answer where %j is right", async (text, label) => {
    const own = { examples: examples.map((example) => ({ ...example, ...label })) };
    const { checks } = await run((question, count) => {
      const reply = good(question, count);
      return isPredict(question) && reply.status === 200 ? { status: 200, text } : reply;
    }, own);
    expect(checks.find(({ name }) => name === "failures")?.answer).toBe("pass");
  });

  test("stops a candidate whose description names another version than was deployed", async () => {
    const { names, notGood } = await run((question, count) =>
      question.path === "/metadata" ? json(200, { modelVersion: 7 }) : good(question, count),
    );
    expect(names).toEqual(["metadata: fail"]);
    expect(notGood[0]?.reason).toBe("GET /metadata names version 7, but green has version 2");
  });

  test.each([
    ["health", "/health"],
    ["metadata", "/metadata"],
  ])("stops a candidate without a good %s", async (name, path) => {
    const { names, notGood, checks } = await run((question, count) =>
      question.path === path ? json(503, { error: "loading" }) : good(question, count),
    );
    expect(names).toContain(`${name}: fail`);
    expect(notGood[0]?.reason).toContain('503: {"error":"loading"}');
    expect(checks.filter(({ answer }) => answer === "notRun")).toEqual([]);
  });

  test("takes the status codes of its health check for healthy, and no others", async () => {
    const empty = (status: number) =>
      run((question, count) => (question.path === "/health" ? json(status, {}) : good(question, count)), {
        healthMatcher: "204,300-302",
      });
    expect((await empty(204)).names).toEqual([]);
    expect((await empty(301)).names).toEqual([]);
    expect((await empty(200)).names).toEqual(["health: fail", "well-afterwards: fail"]);
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
    // Sixty seconds each of the golden set, of load and of wrong inputs, eighteen of behaviour, and what had begun.
    expect(slots.wall()).toBeLessThan((60 + 60 + 18 + 60 + 15 * 3) * 1000);
  });
});

describe("a golden set", () => {
  test("is one request and its label a line", () => {
    expect(readGolden('{"a":[1],"label":"x"}\n\n{"label":0,"b":2}\n')).toEqual([
      { input: { a: [1] }, label: "x" },
      { input: { b: 2 }, label: 0 },
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
