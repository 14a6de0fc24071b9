import { beforeAll, describe, expect, it } from "vitest";
import { givenDesk, LONG, USERS } from "./support/given-desk.ts";
import { runWorkflow } from "./support/runner.ts";

const STACK = { stack: "local" };

describe("given a release whose last step is for a person to approve, and GitHub's workflows locally", () => {
  const here = givenDesk({ rollout: { steps: [50, 100], minRequests: 20, approvals: [100] } });
  beforeAll(() => void here.world.users(USERS));

  it(
    "its run ends while it waits, is no failure, and says which workflow goes on with it",
    async () => {
      const inputs = { ...STACK, image: "digits:2", "model-version": "2" };
      const run = await runWorkflow("release.yml", { desk: here.desk, inputs });
      expect(run.steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(await here.world.see.standing()).toMatchObject({
        live: { blue: 50, green: 50 },
        releaseState: "running",
      });
      expect(run.summary).toContain("The release waits for a person: run the workflow `steer` for local");
      const asked = await here.desk.asked();
      expect(asked.filter((line) => line.includes("deployments/1/statuses")).at(-1)).toContain(
        "state=queued",
      );
    },
    LONG,
  );

  it(
    "a person's yes gives everyone to the candidate, without a runner that waited for it",
    async () => {
      const inputs = { ...STACK, action: "approve", step: "", reason: "$(touch /tmp/x) looks `good`" };
      const run = await runWorkflow("steer.yml", { desk: here.desk, inputs });
      expect(run.steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(run.summary).toContain("100 % of release");
      expect(await here.world.see.standing()).toMatchObject({ live: { blue: 0, green: 100 } });
      const { stdout } = await here.world.run("pulumi", "stack", "history", "--json");
      expect(stdout).toContain("looks `good`");
    },
    LONG,
  );

  it(
    "a pause stops it there, and promote ends it",
    async () => {
      const paused = await runWorkflow("steer.yml", {
        desk: here.desk,
        inputs: { ...STACK, action: "pause", step: "", reason: "lunch" },
      });
      expect(paused.jobs).toEqual({ steer: "success" });
      expect((await here.world.see.standing()).releaseState).toBe("paused");
      const promoted = await runWorkflow("steer.yml", {
        desk: here.desk,
        inputs: { ...STACK, action: "promote", step: "", reason: "back from lunch" },
      });
      expect(promoted.summary).toContain("is promoted");
      expect(await here.world.see.standing()).toMatchObject({
        activeSlot: "green",
        releaseState: "promoted",
      });
    },
    LONG,
  );
});
