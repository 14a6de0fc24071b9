import { expect, it } from "vitest";
import { waitsOf, type Waiting } from "../../../cli/console/state/waits.ts";
import { sharing } from "../../validation/support/samples.ts";
import { World } from "../../validation/support/world.ts";

function waiting(next: Waiting["next"]): Waiting {
  const deployed = new World(sharing(10)).deployed();
  return {
    deployed,
    nowMs: deployed.endedWallMs,
    liveSinceMs: 0,
    comparison: undefined,
    next,
    isAtWork: true,
  };
}

it("tells what no time of a step ends: a gate that cannot be read, or an active slot in trouble", () => {
  const held = (why: string) =>
    waitsOf(waiting({ verdict: "hold", why, reasons: ["blue: cpu is 97 %, allowed are 90 %", "and more"] }));
  expect(held("baseline-failing")[0]).toEqual({
    kind: "gates",
    words: "the active slot is well again: blue: cpu is 97 %, allowed are 90 %",
    until: undefined,
  });
  expect(held("unreadable")[0]?.words).toContain("everything can be read again");
});

it("says nothing of gates where a person or the time decides", () => {
  for (const why of ["baking", "paused", "approval", "retreated"]) {
    const waits = waitsOf(waiting({ verdict: "hold", why, reasons: ["so it is"] }));
    expect(waits.map(({ kind }) => kind)).not.toContain("gates");
  }
  expect(waitsOf(waiting(undefined)).map(({ kind }) => kind)).not.toContain("gates");
});
