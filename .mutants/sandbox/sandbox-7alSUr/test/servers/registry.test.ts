import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registrar } from "../../cli/registries.ts";
import { registryTools } from "../../validation/adapters/registries/tools.ts";
import { deploy } from "../../validation/deploy/deploy.ts";
import type { Context } from "../../validation/ports.ts";
import { ALL_REGISTRIES } from "../../validation/registries/all.ts";
import { resolved } from "../../validation/registries/resolve.ts";
import { syncRegistries } from "../../validation/registries/sync.ts";
import { revert } from "../../validation/rollback/revert.ts";
import { rollout } from "../../validation/rollout/rollout.ts";
import { PROJECT } from "../support/project.ts";
import { counts, oneModel } from "../validation/support/samples.ts";
import { STACK, World } from "../validation/support/world.ts";
import { ROOT, without } from "./support/environments.ts";
import { startMlflow, type MlflowServer } from "./support/mlflow-server.ts";

const WHY = without(["mlflow"]);
const LONG = 600_000;
const OWN = { "deploy.stack": `${PROJECT}/${STACK}` };

/** The stack is in memory; the registry, and who reads it, are MLflow's own. */
describe.skipIf(WHY !== "")(`given the registry of a real mlflow server${WHY}`, () => {
  let mlflow: MlflowServer;
  let world: World;
  beforeAll(async () => {
    mlflow = await startMlflow();
    await mlflow.client("register");
    const stable = oneModel();
    world = new World({ ...stable, blue: { ...stable.blue, registry: "models:/fraud/1" } });
    world.health = { blue: counts(2), green: counts(2) };
  }, LONG);
  afterAll(() => mlflow?.stop());

  const tools = () =>
    registryTools({ root: ROOT, env: { MLFLOW_TRACKING_URI: mlflow.url }, target: undefined });
  const resolve = (reference: string) => resolved(reference, ALL_REGISTRIES, tools());
  const verb = async (run: (own: Context) => Promise<unknown>) => {
    const context = world.context();
    const told = registrar(context, async () => ALL_REGISTRIES, tools, LONG);
    await run({ ...context, store: told.store });
    await told.conclude();
  };
  const deployed = { minTasks: undefined, maxTasks: undefined, overrides: {} };

  it(
    "an alias is the version with its image, protocol, revision and signature",
    { timeout: LONG },
    async () => {
      expect(await resolve("models:/fraud@challenger")).toEqual({
        image: `registry.example/fraud@sha256:${"2".repeat(64)}`,
        modelVersion: "2",
        registry: "models:/fraud/2",
        servingProtocol: "mlflow",
        revision: `${"0123456789abcdef".repeat(2)}01234567`,
        signature: "amount: double, age: double",
      });
      await expect(resolve("models:/fraud/9")).rejects.toThrow(
        "Model Version (name=fraud, version=9) not found",
      );
      await expect(resolve("models:/fraud@best")).rejects.toThrow("Registered model alias best not found");
      await expect(resolve("models:/froud/1")).rejects.toMatchObject({ code: "BG187" });
    },
  );

  it("its own client reads where each version is, from deploy to revert", { timeout: LONG }, async () => {
    const model = await resolve("models:/fraud@challenger");
    if (model === undefined) throw new Error("models: is no registry");
    await verb((own) => deploy(own, { ...model, ...deployed }));
    const given = { "deploy.image": expect.any(String), "deploy.protocol": "mlflow" };
    const one = { ...given, ...OWN, "deploy.slot": "blue" };
    const two = { ...given, ...OWN, "deploy.slot": "green", "deploy.release": "v2-g4" };
    expect(await mlflow.client("show")).toEqual({
      tags: { 1: { ...one, "deploy.role": "active" }, 2: { ...two, "deploy.role": "candidate" } },
      aliases: { champion: "1", challenger: "2" },
    });
    await verb((own) => rollout(own, { pollMs: 150_000, skipTests: true }));
    expect(await mlflow.client("show")).toEqual({
      tags: { 1: { ...one, "deploy.role": "standby" }, 2: { ...two, "deploy.role": "active" } },
      aliases: { champion: "2" },
    });
    const asked = { routeArn: undefined, to: undefined, reason: "too many were refused", wait: false };
    await verb((own) => revert(own, { ...asked, startedWallMs: world.clock.now() }));
    expect(await mlflow.client("show")).toEqual({
      tags: {
        1: { ...one, "deploy.role": "active" },
        2: { ...two, "deploy.role": "rolledBack", "deploy.reason": "too many were refused" },
      },
      aliases: { champion: "1" },
    });
    const [first] = await syncRegistries(world.context(), ALL_REGISTRIES, tools());
    expect(first).toEqual({ scheme: "models:", changes: [] });
  });
});
