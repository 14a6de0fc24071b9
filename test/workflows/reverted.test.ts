import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../scenario/support/world.ts";
import { openDesk, type Desk } from "./support/desk.ts";
import { runWorkflow, type WorkflowRun } from "./support/runner.ts";

const LONG = 300_000;
const STACK = { stack: "local" };

describe("given release.yml at work, and somebody who clicks revert", () => {
  let world: World;
  let desk: Desk;
  beforeAll(async () => {
    world = await aStack({
      speed: 60,
      // Each job has the rights of the role that it assumes, and no others.
      cloud: ["--authorize"],
      rollout: { steps: [50, 100], minRequests: 20, bakeMinutes: 3 },
      blue: { image: "digits:1", modelVersion: "1" },
    });
    desk = await openDesk(world.place);
  }, LONG);
  afterAll(async () => {
    await desk?.close();
    await world?.close();
  }, LONG);

  it(
    "users are back while the release's job still runs, and that job ends red without moving anybody",
    async () => {
      const users = world.users(600);
      let turn = 0;
      let reverting: Promise<WorkflowRun> | undefined;
      const release = await runWorkflow("release.yml", {
        desk,
        inputs: { ...STACK, image: "digits:2", "model-version": "2" },
        before({ step }) {
          if (!step.includes("--one-step")) return undefined;
          turn += 1;
          if (turn !== 2) return undefined;
          return () => {
            reverting = runWorkflow("revert.yml", {
              desk,
              inputs: { ...STACK, reason: "the numbers look odd" },
            });
          };
        },
      });
      expect((await reverting)?.jobs).toEqual({ revert: "success", settle: "success" });
      expect(release.jobs).toMatchObject({ rollout: "failure", conclude: "success", record: "success" });
      expect(release.steps.find(({ exitCode }) => exitCode !== 0)).toMatchObject({ exitCode: 20 });
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
        releaseState: "rolledBack",
      });
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );
});
