import { describe, expect, test } from "vitest";
import { parseConfig } from "../../contract/config/parse.ts";

const TESTED = {
  outcome: "passed",
  digest: `sha256:${"a".repeat(64)}`,
  at: "2026-01-01T00:00:00.000Z",
  taskDefinition: "arn:aws:ecs:us-east-1:000000000000:task-definition/green:2",
};
const parse = (tested: unknown) =>
  parseConfig({ release: JSON.stringify({ id: "v2-g3", slot: "green", tested }) });

describe("what a release remembers of its pre-traffic tests", () => {
  test("is read as it was written, and is nothing when it was never tested", () => {
    for (const tested of [TESTED, { ...TESTED, outcome: "failed" }, { ...TESTED, outcome: "insufficient" }]) {
      expect(parse(tested)).toMatchObject({ ok: true, config: { release: { tested } } });
    }
    const parsed = parse(undefined);
    expect(parsed.ok && parsed.config.release?.tested).toBeUndefined();
  });

  test.each([
    ["an outcome that there is not", { ...TESTED, outcome: "skipped" }],
    ["no digest", { ...TESTED, digest: undefined }],
    ["a digest that is none", { ...TESTED, digest: "sha256:1" }],
    ["no time", { ...TESTED, at: "yesterday" }],
    ["no task definition", { ...TESTED, taskDefinition: undefined }],
    ["one word", "passed"],
  ])("is refused with %s: it is never half a result", (_what, tested) => {
    const parsed = parse(tested);
    expect(parsed.ok ? [] : parsed.problems.map(({ key }) => key)).toEqual(["release.tested"]);
  });
});

describe("what a release remembers of its cohort", () => {
  const read = (cohort: unknown) =>
    parseConfig({ release: JSON.stringify({ id: "v2-g3", slot: "green", cohort }) });

  test("is read as it was written, and is nothing in a release that an earlier version began", () => {
    for (const cohort of [
      { name: "internal", bakeMinutes: 60 },
      { name: "internal", bakeMinutes: 0, moved: true },
    ]) {
      const parsed = read(cohort);
      expect(parsed.ok && parsed.config.release?.cohort).toEqual(cohort);
    }
    const parsed = read(undefined);
    expect(parsed.ok && parsed.config.release?.cohort).toBeUndefined();
  });

  test.each([["internal"], [{ name: "internal" }], [{ name: "", bakeMinutes: 60 }], [{ bakeMinutes: 60 }]])(
    "is refused where it is half of one: %j",
    (cohort) => {
      const parsed = read(cohort);
      expect(parsed.ok ? [] : parsed.problems.map(({ key }) => key)).toEqual(["release.cohort"]);
    },
  );
});
