import { describe, expect, it } from "vitest";
import { wayBackOf } from "../../../cli/console/steer/buttons.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { worldWithCohort } from "../../validation/support/cohort-world.ts";
import { oneModel, sharing } from "../../validation/support/samples.ts";
import { World } from "../../validation/support/world.ts";

/** What the page says of a world's way back. */
async function wayBack(world: World) {
  const context = world.context();
  const deployed = await context.store.deployed();
  if (deployed === undefined) throw new Error("nothing is deployed");
  const { routeArn } = deployed.outputs;
  const tags = (await context.route.tags([routeArn])).get(routeArn) ?? {};
  return wayBackOf(deployed, { live: world.live, tags, healthy: undefined }, String);
}

describe("the way back", () => {
  it("is none while the stack has one model: the other slot is empty", async () => {
    expect(await wayBack(new World(oneModel()))).toMatchObject({ closed: "green is empty" });
  });

  it("is open for a release with a cohort, and says that the cohort goes back", async () => {
    const world = worldWithCohort();
    await rollout(world.context(), { pollMs: 60_000, oneStep: true });
    expect(await wayBack(world)).toMatchObject({ to: "blue", closed: undefined });
    expect((await wayBack(world))?.will).toContain("Cohort internal goes back to it, and release v2-g3 ends");
  });

  it("is open for a release that gave its users back, and says that it ends", async () => {
    const retreat = { at: "2026-01-01T00:10:00.000Z", from: 10, reason: "in doubt" };
    const { release, ...raw } = sharing(0);
    const world = new World({ ...raw, release: { ...release, retreats: [retreat] } });
    expect(await wayBack(world)).toMatchObject({ to: "blue", closed: undefined });
    expect((await wayBack(world))?.will).toContain("is not tried again");
  });
});
