import { describe, expect, it } from "vitest";
import { givenDesk, LONG, USERS } from "./support/given-desk.ts";
import { isTurn, runWorkflow, type RanStep } from "./support/runner.ts";

// A killed job leaves the release to the ticks; more than these it never takes.
const MOST_TICKS = 30;

type Kill = readonly [
  title: string,
  matches: (ran: RanStep, nth: number) => boolean,
  how: "before" | "during",
];

const KILLS: readonly Kill[] = [
  ["before deploy, after GitHub was told", ({ step }) => step === "deploy", "before"],
  ["while it deploys", ({ step }) => step === "deploy", "during"],
  ["after deploy", ({ job, step }) => job === "test" && step.includes("bluegreen test"), "before"],
  ["after test", (ran, nth) => isTurn(ran) && nth === 0, "before"],
  ["in the step to the first share", (ran, nth) => isTurn(ran) && nth === 0, "during"],
  ["after the first share", (ran, nth) => isTurn(ran) && nth === 1, "before"],
  ["in the second step", (ran, nth) => isTurn(ran) && nth === 1, "during"],
  ["after the second step", (ran, nth) => isTurn(ran) && nth === 2, "before"],
  ["in the last step", (ran, nth) => isTurn(ran) && nth === 2, "during"],
  ["after the promotion", ({ job }) => job === "conclude", "before"],
  ["before the release keys are recorded", ({ step }) => step.includes("bluegreen sync"), "before"],
];

describe("given a runner of release.yml that dies, and nobody but the ticks", () => {
  const models = ["2", "3"] as const;
  const here = givenDesk({ cloud: [], rollout: { steps: [50, 100], minRequests: 20 } });

  it.each(KILLS.map((kill, index) => [...kill, models[index % 2] ?? "2"] as const))(
    "%s: nobody is stranded",
    async (title, matches, how, version) => {
      const users = here.world.users(USERS);
      let nth = -1;
      let isDone = false;
      const run = await runWorkflow("release.yml", {
        desk: here.desk,
        inputs: { stack: "local", image: `digits:${version}`, "model-version": version },
        before(ran) {
          if (isTurn(ran)) nth += 1;
          if (isDone || !matches(ran, Math.max(nth, 0))) return undefined;
          isDone = true;
          if (how === "before") return "die";
          // In the middle of an update of the stack, the worst moment there is.
          return (shell) => void shell.saw("applying: ").then(shell.kill9);
        },
      });
      expect(run.died).toBe(true);

      for (let tick = 0; tick < MOST_TICKS && (await isRunning()); tick++) {
        const { steps } = await runWorkflow("tick.yml", { desk: here.desk });
        const codes = steps.map(({ exitCode }) => exitCode);
        expect(codes.filter((code) => code !== 0)).toEqual([]);
      }
      const { releaseState, live, activeSlot } = await here.world.see.standing();
      const shifted = activeSlot === "blue" ? live.green : live.blue;
      // Killed before its deploy was done there may be no candidate at all; before the first share there is one without
      // users, for whoever runs the release again.
      const wasDeployed = !/^(before deploy|while it deploys)/.test(title);
      expect(["promoted", "deployed", ...(wasDeployed ? [] : [undefined])]).toContain(releaseState);
      expect(shifted).toBe(0);
      await users.leave();
      expect(users.failures()).toEqual([]);
    },
    LONG,
  );

  const isRunning = async () => {
    const { releaseState, live, activeSlot } = await here.world.see.standing();
    return releaseState === "running" || (activeSlot === "blue" ? live.green : live.blue) > 0;
  };
});
