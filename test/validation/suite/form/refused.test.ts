import { expect, test } from "vitest";
import { isRecord } from "../../../../contract/config/field.ts";
import { strictJson } from "../../../../validation/protocols/ask.ts";
import { runSuite } from "../../../../validation/suite/run.ts";
import { fakeSlots, goodService, introduced, json, type Service } from "../support/fake-slots.ts";
import { aSubject } from "../support/subject.ts";

/** The check of a candidate that refuses what this says of an example, or of the number of the request. */
async function formOf(isRefused: (x: number, count: number) => boolean) {
  const good = goodService("2");
  const green: Service = (question, count) => {
    const body = question.path === "/predict" ? strictJson(String(question.body)) : undefined;
    const isAsked = isRecord(body) && isRefused(Number(body["x"]), count);
    return isAsked ? json(500, { error: "unknown category" }) : good(question, count);
  };
  const slots = fakeSlots({ blue: goodService("1"), green });
  const introductions = await introduced(slots.ask, { candidate: "green", active: "blue" });
  const only = ["answer-form"];
  const { checks } = await runSuite(slots.ask, aSubject({ introductions }), { ...slots.machine, only });
  return checks[0];
}

test("An example that the candidate refuses each time is told from one that fails by chance", async () => {
  expect(await formOf((x) => x % 100 === 77)).toMatchObject({
    answer: "fail",
    reason:
      '3 of 300 answers are refused each time that they are asked for (500: {"error":"unknown category"})',
  });
  expect(await formOf((_, count) => count % 60 === 7)).toMatchObject({ answer: "pass" });
});
