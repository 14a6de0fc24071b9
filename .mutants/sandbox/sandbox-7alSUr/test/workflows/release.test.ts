import { beforeAll, describe, expect, it } from "vitest";
import { givenDesk, LONG, USERS } from "./support/given-desk.ts";
import { isTurn, runWorkflow } from "./support/runner.ts";

const POLICY = { steps: [50, 100], minRequests: 20 };
const STACK = { stack: "local" };

describe("given users of digits:1, and GitHub's workflows locally", () => {
  const here = givenDesk({ rollout: POLICY });
  beforeAll(() => void here.world.users(USERS));

  it(
    "release promotes a good model, one job a step, and opens a pull request with the release keys",
    async () => {
      const inputs = { ...STACK, image: "digits:2", "model-version": "2" };
      const run = await runWorkflow("release.yml", { desk: here.desk, inputs });
      const bad = run.steps.filter(({ exitCode }) => exitCode !== 0);
      expect(bad).toEqual([]);
      expect(run.jobs).toEqual({
        deploy: "success",
        test: "success",
        rollout: "success",
        conclude: "success",
        record: "success",
      });
      // Two shares and the promotion, each in a job of its own.
      expect(run.steps.filter(isTurn).length).toBe(3);
      expect(await here.world.see.standing()).toMatchObject({
        activeSlot: "green",
        live: { blue: 0, green: 100 },
        releaseState: "promoted",
      });
      expect(run.summary).toContain("green advances from 50 % to 100 %");
      expect(run.summary).toContain("artifact evidence-3");
      expect(run.summary).toContain("artifact report-3");
      expect(run.summary).not.toContain("artifact report-2");
      expect(run.summary).toContain("### ✅ Promoted: ");
      const asked = await here.desk.asked();
      expect(asked.filter((line) => line.includes("deployments/1/statuses"))).toEqual([
        expect.stringContaining("state=in_progress"),
        expect.stringMatching(/state=success.*model .+ on green: promoted.*log_url=/),
      ]);
      const [branch] = here.desk.branches().filter((name) => name !== "main");
      expect(branch).toMatch(/^bluegreen\/local-\d+-1$/);
      expect(here.desk.stackFile(branch ?? "")).toContain("activeSlot: green");
      expect(asked.find((line) => line.startsWith(`pr create --head ${branch}`))).toContain("[token]");
    },
    LONG,
  );

  it(
    "apply deploys the infrastructure's keys and moves nobody",
    async () => {
      const run = await runWorkflow("apply.yml", { desk: here.desk });
      expect(run.steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(await here.world.see.live()).toEqual({ blue: 0, green: 100 });
    },
    LONG,
  );

  it(
    "revert takes everyone to the standby with one click",
    async () => {
      const run = await runWorkflow("revert.yml", {
        desk: here.desk,
        inputs: { ...STACK, reason: "$(touch /tmp/x) `id`" },
      });
      expect(run.jobs).toEqual({ revert: "success", settle: "success" });
      expect(await here.world.see.standing()).toMatchObject({
        activeSlot: "blue",
        live: { blue: 100, green: 0 },
      });
    },
    LONG,
  );

  it(
    "release stops at a bad model: users are back, the run is red, and GitHub is told",
    async () => {
      const inputs = { ...STACK, image: "digits:3-flaky", "model-version": "3" };
      const app = { vars: { BLUEGREEN_APP_CLIENT_ID: "Iv1" }, secrets: { BLUEGREEN_APP_PRIVATE_KEY: "key" } };
      const run = await runWorkflow("release.yml", { desk: here.desk, inputs, ...app });
      expect(run.jobs).toMatchObject({
        deploy: "success",
        test: "failure",
        rollout: "skipped",
        record: "success",
      });
      const asked = await here.desk.asked();
      expect(asked.findLast((line) => line.includes("/statuses"))).toContain("state=failure");
      // A pull request that an App opens starts its checks; GitHub's own token would leave them to a person.
      expect(asked.findLast((line) => line.startsWith("pr create"))).toContain("[token-of-the-app]");
      expect(await here.world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "tick is silent while a release run is active, and green when there is nothing to do",
    async () => {
      const release = await here.desk.begin({ workflow: "release.yml", title: "2 to local" });
      const busy = await runWorkflow("tick.yml", { desk: here.desk });
      expect(busy.jobs).toEqual({ look: "success", step: "skipped" });
      await release.is("completed");
      const idle = await runWorkflow("tick.yml", { desk: here.desk });
      expect(idle.jobs).toEqual({ look: "success", step: "success" });
    },
    LONG,
  );
});
