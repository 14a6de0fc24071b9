import { describe, expect, test } from "vitest";
import { refusesMalformed } from "../../../../validation/suite/malformed.ts";
import { runSuite, type SuiteResult } from "../../../../validation/suite/run.ts";
import { aSubject } from "../support/subject.ts";
import { fakeSlots, goodService, introduced, json, type Service } from "../support/fake-slots.ts";

const good = goodService("2");
const run = async (green: Service, blue: Service | undefined = goodService("1")) => {
  const slots = fakeSlots({ blue: blue ?? goodService("1"), green });
  const sides = { candidate: "green", active: blue === undefined ? undefined : "blue" } as const;
  const subject = aSubject({ sides, introductions: await introduced(slots.ask, sides) });
  const only = ["malformed-input", "well-afterwards"];
  const result = await runSuite(slots.ask, subject, { ...slots.machine, only });
  return { ...answersOf(result), slots };
};
const answersOf = ({ checks, outcome }: SuiteResult) => ({
  outcome,
  malformed: checks.find(({ name }) => name === "malformed-input"),
  afterwards: checks.find(({ name }) => name === "well-afterwards"),
});
/** Answers 500 to what is no number, as servers in Python do. */
const badAtNaN =
  (service: Service): Service =>
  (question, count) =>
    String(question.body).includes("NaN") ? json(500, { error: "NaN" }) : service(question, count);

describe("a candidate that is asked what nobody should ask", () => {
  test("passes when it refuses all of it, and the active slot hears none of it", async () => {
    const { outcome, malformed, slots } = await run(good);
    expect(outcome).toBe("passed");
    expect(malformed?.numbers["n"]).toBeGreaterThanOrEqual(60);
    const toActive = slots.asked.filter(({ slot, question }) => slot === "blue" && question.method === "PUT");
    expect(toActive).toEqual([]);
  });

  test("is warned of an error that the active slot makes as well", async () => {
    const { outcome, malformed } = await run(badAtNaN(good), badAtNaN(goodService("1")));
    expect(outcome).toBe("passed");
    expect(malformed).toMatchObject({
      answer: "warn",
      reason: 'the active slot answers as badly: no 4xx for NaN: 500; to NaN it said 500: {"error":"NaN"}',
      numbers: { asBadly: 1 },
    });
  });

  test("fails for an error that the active slot does not make, or that has no active slot beside it", async () => {
    expect((await run(badAtNaN(good))).malformed).toMatchObject({
      answer: "fail",
      reason: 'no 4xx for NaN: 500; to NaN it said 500: {"error":"NaN"}',
    });
    expect((await run(badAtNaN(good), undefined)).malformed?.answer).toBe("fail");
  });

  test("is not blamed for the 502 that follows when its server closes the connection over the input before", async () => {
    let isClosed = false;
    const { outcome, malformed } = await run((question, count) => {
      if (isClosed) {
        isClosed = false;
        return json(502, {});
      }
      isClosed = String(question.body).includes("NaN");
      return good(question, count);
    });
    expect([outcome, malformed?.answer]).toEqual(["passed", "pass"]);
  });

  test("must not break on what a server may also take", async () => {
    const { malformed } = await run((question, count) =>
      String(question.body).includes("__proto__") && String(question.body).includes('"x"')
        ? json(500, {})
        : good(question, count),
    );
    expect(malformed).toMatchObject({
      answer: "fail",
      reason: expect.stringMatching(/^broken by a member called __proto__: 500;/),
    });
  });

  test.each(['{"prediction": NaN, "modelVersion": "2"}', '{"prediction": 1e999, "modelVersion": "2"}'])(
    "must not answer %s to what a server may also take",
    async (text) => {
      const { malformed } = await run((question, count) =>
        String(question.body).includes("-0") ? { status: 200, text } : good(question, count),
      );
      expect(malformed).toMatchObject({
        answer: "fail",
        reason: `broken by minus zero: 200; to minus zero it said 200: ${text}`,
      });
    },
  );

  test("that dies of one of them fails, and the active slot is not asked what it died of", async () => {
    let isDead = false;
    const { malformed, afterwards, slots } = await run((question, count) => {
      isDead ||= String(question.body).startsWith("[[[[");
      return isDead ? { status: 0, text: "connection refused", seconds: 0.001 } : good(question, count);
    });
    expect(malformed).toMatchObject({
      answer: "fail",
      reason: expect.stringContaining("were not asked any more"),
    });
    expect(afterwards?.answer).toBe("fail");
    const deadly = slots.asked.filter(({ question }) => String(question.body).startsWith("[[[["));
    expect(new Set(deadly.map(({ slot }) => slot))).toEqual(new Set(["green"]));
  });

  test("that answers wrongly ever after fails, though it answers with 200", async () => {
    let isPoisoned = false;
    const { malformed, afterwards } = await run((question, count) => {
      isPoisoned ||= String(question.body).includes("1e999");
      const reply = good(question, count);
      return isPoisoned && reply.status === 200 && question.path === "/predict"
        ? json(200, { prediction: 7, modelVersion: "2" })
        : reply;
    });
    expect(malformed?.answer).toBe("pass");
    expect(afterwards).toMatchObject({
      answer: "fail",
      reason: expect.stringContaining("what was right before is not any more: 200"),
    });
  });
});

describe("a model that was near enough before", () => {
  test("is well when it says the same again, and when it never said the same it must only answer", async () => {
    const moody: Service = (question, count) => {
      const reply = good(question, count);
      return question.path === "/predict" && reply.status === 200
        ? json(200, { prediction: `${count}`, modelVersion: "2" })
        : reply;
    };
    const slots = fakeSlots({ blue: goodService("1"), green: moody });
    const sides = { candidate: "green", active: "blue" } as const;
    const speaker = (await introduced(slots.ask, sides)).speakers;
    if (speaker === undefined) throw new Error("nobody is known");
    const example = { input: { x: 1 }, label: "near" };
    const right = [{ example, value: "another" }];
    const health = { path: "/health", matcher: "200" };
    const well = async (repeats: boolean) => {
      const tested = { example, right, repeats };
      const checks = await refusesMalformed(slots.ask, sides, speaker, health, tested, slots.machine);
      return checks.find(({ name }) => name === "well-afterwards")?.answer;
    };
    expect([await well(true), await well(false)]).toEqual(["fail", "pass"]);
  });
});
