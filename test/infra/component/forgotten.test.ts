import { describe, expect, test } from "vitest";
import { ROUTE_TAGS } from "../../../contract/route/route.ts";
import { PROJECT } from "../../support/project.ts";
import { HOME } from "../../support/pulumi-mock-calls.ts";
import { NEVER_DEPLOYED, runProgram } from "../../support/pulumi-mocks.ts";
import { ONE_SLOT, SHARED, TYPE } from "../configs.ts";

const LIVE = { blue: 100, green: 0 };
const OWN = { [ROUTE_TAGS.stack]: "dev", [ROUTE_TAGS.project]: PROJECT, [ROUTE_TAGS.activeSlot]: "blue" };

/** The program of a stack whose state has its names and whose outputs are lost, with a route of these tags. */
function runForgotten(config: typeof ONE_SLOT, tags: Readonly<Record<string, string>>) {
  const forgotten = { names: { project: PROJECT, stack: "dev", id: "kept00" }, tags };
  return runProgram(config, "dev", NEVER_DEPLOYED, LIVE, [], { ...HOME, forgotten });
}

describe("a stack whose outputs are lost", () => {
  test.each([
    ["its own load balancer", ONE_SLOT],
    ["another's listener", { ...ONE_SLOT, network: SHARED }],
  ])("is not taken for a new one when its route on %s has had a release", async (_title, config) => {
    const tags = { ...OWN, [ROUTE_TAGS.releaseId]: "20261201-1" };
    await expect(runForgotten(config, tags)).rejects.toThrow(
      `${PROJECT}.outputs is lost (release 20261201-1)`,
    );
  });

  test.each([
    ["its first update failed half way", { ...OWN, [ROUTE_TAGS.releaseId]: "none" }],
    ["there is no route yet", {}],
    [
      "the route there is another stack's",
      { ...OWN, [ROUTE_TAGS.stack]: "prod", [ROUTE_TAGS.releaseId]: "20261201-1" },
    ],
  ])("goes on when %s", async (_title, tags) => {
    const { resources } = await runForgotten(ONE_SLOT, tags);
    expect(resources).toContainEqual(expect.objectContaining({ type: TYPE.rule }));
  });
});
