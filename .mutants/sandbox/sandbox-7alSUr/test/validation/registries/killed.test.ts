import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registrar } from "../../../cli/registries.ts";
import { deploy } from "../../../validation/deploy/deploy.ts";
import type { Context } from "../../../validation/ports.ts";
import { ALL_REGISTRIES } from "../../../validation/registries/all.ts";
import type { RegistryTools } from "../../../validation/registries/define.ts";
import { syncRegistries } from "../../../validation/registries/sync.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { sync } from "../../../validation/stack/sync.ts";
import { PROJECT } from "../../support/project.ts";
import { counts, DIGEST, oneModel } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";
import { killedAtWrite } from "./support/killed-writes.ts";
import { SimulatedMlflow } from "./support/simulated-mlflow.ts";

const WHOSE = `${PROJECT}/${STACK}`;
const LATER_MS = 60_000;

/** What a person who looks at the stack expects to read in the registry: written from the issue, not from the code. */
function expected(world: World) {
  const { activeSlot, slots, release } = world.config;
  const other = activeSlot === "blue" ? "green" : "blue";
  const ended = release?.slot === other ? release.state : "promoted";
  const role = ended === "rolledBack" ? "rolledBack" : ended === "promoted" ? "standby" : "candidate";
  const versions: Record<string, unknown> = {};
  const own = { "deploy.stack": WHOSE };
  versions[slots[activeSlot].modelVersion ?? ""] = {
    ...own,
    "deploy.slot": activeSlot,
    "deploy.role": "active",
    ...(slots[activeSlot].release && { "deploy.release": slots[activeSlot].release }),
  };
  if (slots[other].modelVersion !== undefined) {
    versions[slots[other].modelVersion] = {
      ...own,
      "deploy.slot": other,
      "deploy.role": role,
      ...(slots[other].release && { "deploy.release": slots[other].release }),
      ...(role === "rolledBack" && { "deploy.reason": release?.reason.slice(0, 240) }),
    };
  }
  const aliases: Record<string, unknown> = { champion: slots[activeSlot].modelVersion };
  if (role === "candidate" && slots[other].modelVersion !== undefined)
    aliases["challenger"] = slots[other].modelVersion;
  return { versions, aliases };
}

/** Deploys of version 2, and its rollout to its end: each as a process of its own that tells the registry at its end. */
async function release(context: Context, tools: RegistryTools): Promise<void> {
  const verb = async (run: (own: Context) => Promise<unknown>) => {
    const told = registrar(
      context,
      async () => ALL_REGISTRIES,
      () => tools,
      LATER_MS,
    );
    await run({ ...context, store: told.store });
    await told.conclude();
  };
  const two = { image: DIGEST("b"), modelVersion: "2", registry: "models:/fraud/2", revision: "0123" };
  await verb((own) => deploy(own, { ...two, minTasks: undefined, maxTasks: undefined, overrides: {} }));
  await verb((own) => rollout(own, { pollMs: 150_000, skipTests: true }));
}

const BAD = (world: World) =>
  world.clock.after(7 * 60_000, () => {
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
  });

describe("a release that is killed between a write of the stack and the registry", () => {
  let mlflow: SimulatedMlflow;
  beforeEach(async () => {
    mlflow = await new SimulatedMlflow().start();
  });
  afterEach(() => mlflow.stop());

  const begin = (prepare: (world: World) => unknown) => {
    const stable = oneModel();
    const world = new World({ ...stable, blue: { ...stable.blue, registry: "models:/fraud/1" } });
    world.health = { blue: counts(2), green: counts(2) };
    mlflow.versions.clear();
    mlflow.aliases.clear();
    for (const version of ["1", "2", "3"]) mlflow.add("fraud", version);
    prepare(world);
    return world;
  };
  const seen = () => {
    const versions = [...(mlflow.versions.get("fraud") ?? [])].filter(
      ([, { tags }]) => Object.keys(tags).length > 0,
    );
    return {
      versions: Object.fromEntries(versions.map(([version, { tags }]) => [version, tags])),
      aliases: mlflow.aliasesOf("fraud"),
    };
  };

  it.each([
    ["is promoted", () => {}, "promoted"],
    ["is rolled back", BAD, "rolledBack"],
  ] as const)(
    "that %s: sync --registry ends right from every one of its points",
    { timeout: 120_000 },
    async (_title, prepare, state) => {
      const whole = begin(prepare);
      const counted = killedAtWrite(whole.context(), mlflow.tools(), Number.POSITIVE_INFINITY, "before");
      await release(counted.context, counted.tools);
      expect(whole.config.release?.state).toBe(state);
      expect(seen()).toEqual(expected(whole));
      const points = counted.writes.length;
      expect(points * 2).toBeGreaterThanOrEqual(20);

      const untrue: number[] = [];
      for (const when of ["before", "after"] as const) {
        for (let n = 1; n <= points; n += 1) {
          const world = begin(prepare);
          const process = killedAtWrite(world.context(), mlflow.tools(), n, when);
          expect(await Promise.race([release(process.context, process.tools), process.killed])).toBe(
            "killed",
          );
          if (!isDeepStrictEqual(seen(), expected(world))) untrue.push(n);
          await sync(world.context());
          await syncRegistries(world.context(), ALL_REGISTRIES, mlflow.tools());
          expect({ n, when, ...seen() }).toEqual({ n, when, ...expected(world) });
          const writes = mlflow.writes.length;
          await syncRegistries(world.context(), ALL_REGISTRIES, mlflow.tools());
          expect(mlflow.writes.length).toBe(writes);
        }
      }
      // A kill that leaves everything right would prove nothing.
      expect(untrue.length).toBeGreaterThanOrEqual(10);
      console.log(JSON.stringify({ state, points: points * 2, wrongBeforeSync: untrue.length }));
    },
  );

  it("takes the champion back with a revert, and keeps of the version on no slot that it was rolled back, and why", async () => {
    const world = begin(() => {});
    await release(world.context(), mlflow.tools());
    expect(mlflow.aliasesOf("fraud")).toEqual({ champion: "2" });
    await revert(world.context(), {
      routeArn: undefined,
      to: undefined,
      reason: "error-rate of ann's team",
      wait: false,
      startedWallMs: world.clock.now(),
    });
    // Nobody has told the registry, and the next model takes the slot.
    const three = { image: DIGEST("c"), modelVersion: "3", registry: "models:/fraud/3" };
    await deploy(world.context(), { ...three, minTasks: undefined, maxTasks: undefined, overrides: {} });
    await syncRegistries(world.context(), ALL_REGISTRIES, mlflow.tools());
    expect(mlflow.aliasesOf("fraud")).toEqual({ champion: "1", challenger: "3" });
    expect(mlflow.tagsOf("fraud", "2")).toEqual({
      "deploy.stack": WHOSE,
      "deploy.role": "rolledBack",
      "deploy.release": "v2-g4",
      "deploy.reason": "error-rate of ann's team",
    });
  });
});
