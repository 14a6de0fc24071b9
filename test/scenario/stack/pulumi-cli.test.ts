import { DeleteServiceCommand, ECSClient } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPlace } from "../../../cli/local/place.ts";
import { findCli } from "../../../cli/pulumi-cli.ts";
import { isRouteUpdate, type Call, type Gate } from "../support/gate.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 240_000;
const cli = await findCli(localPlace().root, process.env);
const why = cli === undefined ? " (skipped: no `pulumi` on PATH)" : `, ${cli.version}`;

describe.skipIf(cli === undefined)(`given a stack that the Pulumi CLI carries out${why}`, () => {
  let world: World;
  let gate: Gate;
  beforeAll(async () => {
    process.env["BLUEGREEN_ENGINE"] = "cli";
    world = await aStack({
      speed: 60,
      blue: { image: "digits:1", modelVersion: "1" },
    });
    gate = await world.gate();
  }, LONG);
  afterAll(() => world.close(), LONG);

  it(
    "every verb says so",
    async () => {
      expect((await world.run("status")).stderr).toContain(`pulumi CLI ${cli?.version}`);
    },
    LONG,
  );

  it(
    "a deploy that is killed while it creates names what Pulumi cannot know, and goes on as the runbook says",
    async () => {
      const isCreated = ({ path, body }: Call) =>
        path === "/provider/create" && /aws:ecs\/service:Service::[a-z0-9-]+-green"/.test(body);
      const deploy = ["deploy", "digits:2", "--model-version", "2"];
      const swallowed = gate.swallow("answer", isCreated);
      const killed = world.start(...deploy);
      await swallowed;
      killed.sweep();
      await killed.ended;
      const again = await world.run(...deploy);
      expect(again.exitCode).toBe(10);
      expect(again.stderr).toContain("BG134");
      expect(again.stderr).toMatch(/Not known: urn:\S+aws:ecs\/service:Service::\S+-green\./);

      const ecs = new ECSClient(world.see.sdk);
      const { clusterName: cluster } = await world.see.outputs();
      // Made, and not yet in any outputs.
      const service = `${cluster}-green`;
      await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
      ecs.destroy();
      await world.pulumi("refresh", "--yes", "--clear-pending-creates");
      expect(await world.deploy("digits:2", "2")).toMatchObject({ exitCode: 0 });
      expect(await world.see.healthyTargets("green")).toBe(1);
    },
    LONG,
  );

  it(
    "a change of weights shows its two numbers in the preview, and is one update operation",
    async () => {
      await world.pulumi("config", "set", "greenWeight", "25");
      const { stdout } = await world.pulumi("preview", "--diff");
      expect(stdout).toContain("weight: 100 => 75");
      expect(stdout).toContain("weight: 0 => 25");
      await world.pulumi("up", "--yes", "--skip-preview");
      const [newest] = await world.see.history();
      expect(newest?.resourceChanges).toMatchObject({ update: 1 });
      expect(Object.keys(newest?.resourceChanges ?? {}).toSorted()).toEqual(["same", "update"]);
      expect(await world.see.live()).toEqual({ blue: 75, green: 25 });
    },
    LONG,
  );

  it(
    "a refused configuration fails in the preview with our message, and no stack trace",
    async () => {
      await world.pulumi("config", "set", "greenWeight", "150");
      const { exitCode, stdout, stderr } = await world.run("pulumi", "preview");
      expect(exitCode).toBe(1);
      expect(stdout).toContain('greenWeight is "150"; allowed: a whole number from 0 to 100');
      expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
      expect(`${stdout}${stderr}`).not.toContain("Warning: Promise");
      await world.pulumi("config", "set", "greenWeight", "25");
    },
    LONG,
  );

  it(
    "an update that is killed leaves no entry in the history",
    async () => {
      const before = await world.see.history();
      await world.pulumi("config", "set", "greenWeight", "10");
      const swallowed = gate.swallow("call", isRouteUpdate);
      const update = world.start("pulumi", "up", "--yes", "--skip-preview");
      await swallowed;
      // With everything that it has started, as a machine that is switched off.
      update.sweep();
      await update.ended;
      expect(await world.see.history()).toEqual(before);
      expect(await world.see.live()).toEqual({ blue: 75, green: 25 });
    },
    LONG,
  );

  it(
    "a revert moves all traffic back all the same, cancels that lock, and brings the state in line",
    async () => {
      const { exitCode, stderr } = await world.revert();
      expect(stderr).toContain("its process is gone");
      expect(exitCode).toBe(0);
      expect(await world.see.standing()).toMatchObject({
        activeSlot: "blue",
        shifted: { blue: 0, green: 0 },
        live: { blue: 100, green: 0 },
      });
    },
    LONG,
  );

  it(
    "destroy leaves nothing",
    async () => {
      await world.pulumi("destroy", "--yes", "--skip-preview");
      expect((await world.pulumi("stack", "output", "--json")).stdout.trim()).toBe("{}");
    },
    LONG,
  );
});
