import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registrar } from "../../../cli/registries.ts";
import { ALL_REGISTRIES } from "../../../validation/registries/all.ts";
import { registryWords, syncRegistries } from "../../../validation/registries/sync.ts";
import { revert } from "../../../validation/rollback/revert.ts";
import { PROJECT } from "../../support/project.ts";
import { candidateReady, promoted, sharing } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";
import { SimulatedMlflow } from "./support/simulated-mlflow.ts";

const WHOSE = `${PROJECT}/${STACK}`;
type Raw = ReturnType<typeof candidateReady>;
const registered = (raw: Raw, blue = "models:/fraud/1", green = "models:/fraud/2") =>
  new World({ ...raw, blue: { ...raw.blue, registry: blue }, green: { ...raw.green, registry: green } });
const BACK = { routeArn: undefined, to: undefined, reason: "by ann", wait: false, startedWallMs: 0 };

describe("what is written back to MLflow", () => {
  let mlflow: SimulatedMlflow;
  beforeEach(async () => {
    mlflow = await new SimulatedMlflow().start();
    for (const version of ["1", "2", "3"]) mlflow.add("fraud", version);
  });
  afterEach(() => mlflow.stop());
  const write = (world: World) => syncRegistries(world.context(), ALL_REGISTRIES, mlflow.tools());
  const notesOf = (world: World) =>
    world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
  const verb = (world: World, withinMs: number) =>
    registrar(
      world.context(),
      async () => ALL_REGISTRIES,
      () => mlflow.tools({}, withinMs),
      withinMs,
    );

  it("says what it has changed, and nothing when it is asked again", async () => {
    const world = registered(candidateReady());
    expect(registryWords(await write(world))).toBe(
      "models:/fraud/1: active on blue, models:/fraud/2: candidate on green, models:/fraud@champion is version 1, models:/fraud@challenger is version 2",
    );
    expect(registryWords(await write(world))).toBe("the registry is in line");
  });

  it("leaves alone what people, and other stacks, have written", async () => {
    mlflow.add("fraud", "1", { "deploy.image": "i", owner: "ann" });
    mlflow.add("fraud", "3", { "deploy.stack": "fraud-model/other", "deploy.role": "active" });
    mlflow.aliases.set(
      "fraud",
      new Map([
        ["challenger", "3"],
        ["latest", "3"],
      ]),
    );
    await write(registered(promoted()));
    expect(mlflow.tagsOf("fraud", "1")).toMatchObject({
      "deploy.image": "i",
      owner: "ann",
      "deploy.role": "standby",
    });
    expect(mlflow.tagsOf("fraud", "3")).toEqual({
      "deploy.stack": "fraud-model/other",
      "deploy.role": "active",
    });
    expect(mlflow.aliasesOf("fraud")).toEqual({ champion: "2", challenger: "3", latest: "3" });
  });

  it("takes tags and champion from a model that another model has followed", async () => {
    mlflow.add("fraud-v2", "1");
    await write(registered(promoted()));
    await write(registered(promoted(), "models:/fraud-v2/1", "models:/fraud-v2/1"));
    expect(mlflow.tagsOf("fraud", "2")).toEqual({});
    expect(mlflow.aliasesOf("fraud")).toEqual({});
    expect(mlflow.aliasesOf("fraud-v2")).toEqual({ champion: "1" });
    expect(mlflow.tagsOf("fraud-v2", "1")).toMatchObject({ "deploy.stack": WHOSE, "deploy.slot": "green" });
  });

  it("writes to the others when a version was deleted, and says which one", async () => {
    const world = registered(candidateReady(), "models:/fraud/9");
    await expect(write(world)).rejects.toMatchObject({ code: "BG332" });
    await expect(write(world)).rejects.toThrow("MLflow has no models:/fraud/9 any more");
    expect(mlflow.tagsOf("fraud", "2")).toMatchObject({ "deploy.role": "candidate" });
  });

  it("links a rolled-back version to the run on GitHub that has its evidence", async () => {
    const raw = candidateReady();
    const owner = "https://github.com/o/r/actions/runs/1";
    const release = { ...raw.release, state: "rolledBack", reason: "too slow", owner };
    await write(registered({ ...raw, release }));
    expect(mlflow.tagsOf("fraud", "2")).toMatchObject({
      "deploy.role": "rolledBack",
      "deploy.reason": "too slow",
      "deploy.evidence": owner,
    });
    expect(mlflow.aliasesOf("fraud")).toEqual({ champion: "1" });
  });

  it.each([["hang"], [503]] as const)(
    "never holds up a revert: with a registry that answers %s, its result is there before anything is asked",
    async (fault) => {
      mlflow.fault = fault;
      const world = registered(sharing(10));
      const told = verb(world, 300);
      const outcome = await revert({ ...world.context(), store: told.store }, BACK);
      expect(outcome.exitCode).toBe(0);
      expect(world.live).toEqual({ blue: 100, green: 0 });
      expect(mlflow.authorizations).toEqual([]);
      await told.conclude();
      expect(mlflow.authorizations.length).toBeGreaterThan(0);
      expect(notesOf(world).at(-1)).toContain("npx bluegreen sync --registry tells it later");
      mlflow.fault = undefined;
      await write(world);
      expect(mlflow.tagsOf("fraud", "2")).toMatchObject({
        "deploy.role": "rolledBack",
        "deploy.reason": "by ann",
      });
    },
  );

  it("is told by the same verb again, after one that died before it told anything", async () => {
    const world = registered(sharing(10));
    await revert(world.context(), BACK);
    expect(mlflow.tagsOf("fraud", "2")).toEqual({});
    const again = verb(world, 5_000);
    await revert({ ...world.context(), store: again.store }, BACK);
    await again.conclude(true);
    expect(mlflow.tagsOf("fraud", "2")).toMatchObject({ "deploy.role": "rolledBack" });
  });

  it("asks no registry when a verb has deployed nothing, or no slot has a model of one", async () => {
    const still = registered(promoted());
    const first = verb(still, 1000);
    await first.store.deployed();
    await first.conclude();
    const plain = new World(sharing(10));
    const second = verb(plain, 1000);
    await revert({ ...plain.context(), store: second.store }, BACK);
    await second.conclude();
    expect(mlflow.authorizations).toEqual([]);
  });
});
