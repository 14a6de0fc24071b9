import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { SUITE_CHECKS } from "../../../contract/config/suite.ts";
import { waivedOf } from "../../../validation/suite/check.ts";
import { readGolden } from "../../../validation/suite/golden.ts";
import { runSuite } from "../../../validation/suite/run.ts";
import { fakeSlots, golden, goodService, introduced, json, type Service } from "./support/fake-slots.ts";

/** A suite in which these checks are waived, beside a good model on blue. */
async function run(green: Service, ...waive: readonly (typeof SUITE_CHECKS)[number][]) {
  const reasons = Object.fromEntries(waive.map((name) => [name, "known"]));
  const parsed = parseConfig({ suite: JSON.stringify({ waive: reasons }) });
  const examples = readGolden(golden(300));
  if (!parsed.ok || typeof examples === "string") throw new Error("the suite does not parse");
  const slots = fakeSlots({ blue: goodService("1"), green });
  const sides = { candidate: "green", active: "blue" } as const;
  return runSuite(
    slots.ask,
    {
      sides,
      introductions: await introduced(slots.ask, sides),
      versions: { deployed: { blue: "1", green: "2" } },
      healthPath: "/health",
      policy: parsed.config.suite,
      examples,
    },
    slots.machine,
  );
}
const good = goodService("2");
const takesAnything: Service = (question, count) =>
  question.path === "/predict" && good(question, count).status !== 200
    ? json(200, { prediction: 0, modelVersion: "2" })
    : good(question, count);

describe("a waived check", () => {
  test("keeps nobody from passing, and is made and told all the same", async () => {
    const { outcome, checks } = await run(takesAnything, "malformed-input");
    expect(outcome).toBe("passed");
    expect(checks.find(({ name }) => name === "malformed-input")).toMatchObject({
      answer: "fail",
      waived: true,
      waiver: "known",
      reason: expect.stringContaining("no 4xx for an empty body: 200"),
    });
    expect(waivedOf(checks)).toEqual(["malformed-input (fail: known)"]);
  });

  test("lets no other go", async () => {
    const { outcome, checks } = await run(takesAnything, "accuracy", "health");
    expect([outcome, waivedOf(checks)]).toEqual(["failed", []]);
  });

  test("is nobody's business while it passes", async () => {
    const { checks } = await run(good, "malformed-input");
    expect(waivedOf(checks)).toEqual([]);
  });

  test("on the version says that the answers are the candidate's own", async () => {
    const { outcome, checks } = await run(goodService("2.0.1"), "version", "metadata");
    expect(outcome).toBe("passed");
    expect(checks.filter(({ answer }) => answer === "notRun")).toEqual([]);
    expect(waivedOf(checks)).toEqual(["metadata (fail: known)", "version (fail: known)"]);
  });

  test("is no test: with all of them waived nothing has passed", async () => {
    const { outcome } = await run(() => json(500, {}), ...SUITE_CHECKS);
    expect(outcome).toBe("insufficient");
  });

  test("must be one that there is", () => {
    const read = parseConfig({ suite: JSON.stringify({ waive: { "malformed-inputs": "known" } }) });
    expect(read).toMatchObject({
      ok: false,
      problems: [
        { key: "suite.waive", allowed: expect.stringContaining("health, metadata, version, failures") },
      ],
    });
  });
});
