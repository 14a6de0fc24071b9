import { describe, expect, it } from "vitest";
import { givenDesk, LONG, USERS } from "./support/given-desk.ts";
import { isTurn, runWorkflow, type WorkflowRun } from "./support/runner.ts";

const STACK = { stack: "local" };

describe("given release.yml at work, and somebody who clicks revert", () => {
  const here = givenDesk({ rollout: { steps: [50, 100], minRequests: 20, bakeMinutes: 3 } });

  it(
    "users are back while the release's job still runs, and that job ends red without moving anybody",
    async () => {
      const users = here.world.users(USERS);
      let turn = 0;
      let reverting: Promise<WorkflowRun> | undefined;
      const release = await runWorkflow("release.yml", {
        desk: here.desk,
        inputs: { ...STACK, image: "digits:2", "model-version": "2" },
        before(ran) {
          if (!isTurn(ran)) return undefined;
          turn += 1;
          if (turn !== 2) return undefined;
          return () => {
            reverting = runWorkflow("revert.yml", {
              desk: here.desk,
              inputs: { ...STACK, reason: "the numbers look odd" },
            });
          };
        },
      });
      expect((await reverting)?.jobs).toEqual({ revert: "success", settle: "success" });
      expect(release.jobs).toMatchObject({ rollout: "failure", conclude: "success", record: "success" });
      expect(release.steps.find(({ exitCode }) => exitCode !== 0)).toMatchObject({ exitCode: 20 });
      expect(await here.world.see.standing()).toMatchObject({
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
