import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { runSuite } from "../../../validation/suite/run.ts";
import { introductions } from "../../../validation/suite/speakers.ts";
import { fakeSlots, goodService, introduced, type Service } from "./support/fake-slots.ts";
import { aSubject } from "./support/subject.ts";

const parsed = parseConfig({});
if (!parsed.ok) throw new Error("the defaults do not parse");
const SIDES = { candidate: "green", active: "blue" } as const;
const good = goodService("2");
const examples = Array.from({ length: 300 }, (_, x) => ({
  input: { x },
  label: x % 3,
  slice: { country: "DE" },
}));
/** Not made where nothing can be compared. */
const BESIDE = [
  "failures-vs-active",
  "accuracy-vs-active",
  "latency-vs-active",
  "latency-batch-1-vs-active",
  "latency-burst-vs-active",
  "answers-under-load-vs-active",
  "latency-tail-vs-active",
  "feature-sensitivity",
  "perturbation",
  "large-body",
];

describe("the suite", () => {
  test("asks all that needs no active slot while that one is another model", async () => {
    const slots = fakeSlots({ blue: goodService("0"), green: good });
    const found = await introduced(slots.ask, SIDES);
    const { outcome, checks } = await runSuite(slots.ask, aSubject({ introductions: found }), slots.machine);
    const names = checks.flatMap(({ name, answer }) => (answer === "pass" ? [] : [`${name}: ${answer}`]));
    expect(outcome).toBe("failed");
    expect(names).toEqual(["version: fail", ...BESIDE.map((name) => `${name}: notRun`)]);
    expect(checks.find(({ name }) => name === "accuracy-vs-active")?.reason).toBe(
      "blue answers as another model",
    );
  });

  test("asks all that needs no active slot while nobody knows how that one is asked", async () => {
    const lost: Service = () => ({ status: 404, text: "moved" });
    const slots = fakeSlots({ blue: lost, green: good });
    const found = await introductions(slots.ask, parsed.config, SIDES, { x: 1 });
    const subject = aSubject({ introductions: found, examples });
    const { checks, outcome } = await runSuite(slots.ask, subject, slots.machine);
    expect(outcome).toBe("insufficient");
    const notGood = checks.filter(({ answer }) => answer !== "pass");
    expect(notGood.map(({ name, answer }) => `${name}: ${answer}`)).toEqual([
      "protocol: insufficient",
      ...[...BESIDE, "slice country=DE"].map((name) => `${name}: notRun`),
    ]);
    expect(notGood[0]?.reason).toMatch(/^blue answers as none of the protocols/);
    expect(notGood[1]?.reason).toBe("nobody knows how the server of blue, which has the users, is asked");
  });

  test("names what it would have asked of a candidate that nobody can ask", async () => {
    const slots = fakeSlots({ blue: good, green: () => ({ status: 404, text: "moved" }) });
    const found = await introductions(slots.ask, parsed.config, SIDES, { x: 1 });
    const subject = aSubject({ introductions: found, examples });
    const { checks: none } = await runSuite(slots.ask, subject, slots.machine);
    expect(none.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["accuracy", "failures-under-load", "answer-form", "slice country=DE"]),
    );
    expect(none.slice(1).every(({ answer }) => answer === "notRun")).toBe(true);
  });
});
