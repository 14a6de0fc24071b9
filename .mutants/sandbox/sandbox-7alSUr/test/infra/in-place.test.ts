import { describe, expect, test } from "vitest";
import { previousOf } from "../../contract/transition/previous.ts";
import { showProblem } from "../../contract/checks/problem.ts";
import { inPlaceProblems } from "../../infra/checks/in-place.ts";
import { both, configOf, blue, green } from "../contract/support/steps.ts";

const targetGroups = { blue: "arn:blue", green: "arn:green" };
const allowed = { service: { allowInPlace: true } };
const edited = { blue: { ...blue, overrides: { memory: 2048 } }, green, ...allowed };

async function problemsOf(states: () => Promise<readonly string[]>, after: object = edited) {
  const asked: string[] = [];
  const targets = (arn: string) => {
    asked.push(arn);
    return states();
  };
  const previous = previousOf(configOf({ ...both, ...allowed }));
  const found = await inPlaceProblems(previous, configOf({ ...after }), { targetGroups }, targets);
  return { asked, says: found.map(showProblem) };
}

describe("A slot in use that is changed in place", () => {
  test("passes while the other slot has healthy targets", async () => {
    const found = await problemsOf(async () => ["draining", "healthy"]);
    expect(found).toEqual({ asked: ["arn:green"], says: [] });
  });

  test.each([
    ["has none", async () => [], "it has no targets"],
    ["has only others", async () => ["unhealthy", "initial"], "its targets are unhealthy, initial"],
    [
      "cannot be read",
      async () => {
        throw new Error("no answer");
      },
      "its targets could not be read (no answer)",
    ],
  ])("is refused while the other slot %s", async (_title, states, why) => {
    const { says } = await problemsOf(states);
    expect(says).toEqual([
      `service.allowInPlace is true; allowed: false while blue is changed and green could not take everyone: ${why}. ` +
        "Fix it: npx bluegreen status, and the same command again once it is healthy",
    ]);
  });

  test("by rotate is refused alike, in its own words", async () => {
    const rotated = { ...both, blue: { ...blue, rotated: "2026-01-01T00:00:00.000Z" }, generation: 1 };
    expect((await problemsOf(async () => ["healthy"], rotated)).says).toEqual([]);
    expect((await problemsOf(async () => [], rotated)).says).toEqual([
      "blue.rotated is 2026-01-01T00:00:00.000Z; allowed: as deployed while blue is changed and green could not take everyone: it has no targets. " +
        "Fix it: npx bluegreen status, and the same command again once it is healthy",
    ]);
  });

  test("and nobody is asked when nothing in use is changed", async () => {
    const found = await problemsOf(async () => [], { ...both, ...allowed, greenWeight: 10 });
    expect(found).toEqual({ asked: [], says: [] });
  });
});
