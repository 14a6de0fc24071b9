import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startUsers, type Users } from "../support/users.ts";
import { openShop, type Shop } from "../support/shop.ts";

/** A stack with two models comes up, and releases take some virtual minutes; a machine may be busy. */
const LONG = 480_000;

describe("given one stack with two models, neither of them called as the project", () => {
  let shop: Shop;
  const users: Users[] = [];
  beforeAll(async () => {
    shop = await openShop(20);
  }, LONG);
  afterAll(async () => {
    for (const { leave } of users) await leave();
    await shop.close();
  }, LONG);

  it("each has a route, slots and names of its own", { timeout: LONG }, async () => {
    const [fraud, churn] = [await shop.outputs("fraud"), await shop.outputs("churn")];
    expect(fraud).toMatchObject({ model: "fraud", activeSlot: "blue", split: { blue: 100, green: 0 } });
    expect(fraud.routeArn).not.toBe(churn.routeArn);
    expect(fraud.clusterName).not.toBe(churn.clusterName);
    const alarms = [fraud, churn].map(({ slots }) => slots.blue.running?.slotAlarm);
    expect(new Set(alarms).size).toBe(2);
  });

  it(
    "a verb that names no model says which there are, also without an engine",
    { timeout: LONG },
    async () => {
      for (const verb of ["status", "revert"]) {
        expect(await shop.says(verb)).toMatchObject({
          exitCode: 64,
          error: { code: "BG401", message: expect.stringContaining("They are churn, fraud.") },
        });
      }
      expect(await shop.says("status", "--model", "fruad")).toMatchObject({
        exitCode: 64,
        error: { code: "BG400", message: expect.stringContaining("churn, fraud") },
      });
    },
  );

  it(
    "stand in a line each where all are asked for, and a stack that cannot be read beside them is no success",
    { timeout: LONG },
    async () => {
      const line = { where: "local", modelVersion: "1", readable: true };
      const lines = ["local, model churn", "local, model fraud"].map((stack) => ({ ...line, stack }));
      const said = await shop.says("status", "--all");
      expect(said).toMatchObject({ exitCode: 0, sentence: "2 stacks", stacks: lines });

      const file = join(shop.place.root, "Pulumi.prod.yaml");
      await writeFile(file, "config: [");
      const broken = await shop.says("status", "--all");
      await rm(file);
      expect(broken).toMatchObject({ exitCode: 70, sentence: "3 stacks, 1 could not be read" });
      expect(broken["stacks"]).toMatchObject([...lines, { stack: "prod", where: "aws", readable: false }]);

      for (const [option, name] of [
        ["--stack", "local"],
        ["--model", "fraud"],
      ] as const)
        expect(await shop.says("status", "--all", option, name)).toMatchObject({
          exitCode: 64,
          error: { code: "BG440", message: expect.stringContaining(`takes no ${option}`) },
        });
    },
  );

  it(
    "both release at once under their own users; a change of weights updates one resource, and no update is lost",
    { timeout: LONG },
    async () => {
      for (const model of ["fraud", "churn"] as const) {
        await shop.done("deploy", "digits:2", "--model-version", "2", "--model", model);
        users.push(startUsers(shop.place, (await shop.outputs(model)).url, 40));
      }
      const rollouts = ["fraud", "churn"].map((model) =>
        shop.says("rollout", "--skip-tests", "--model", model),
      );
      for (const said of await Promise.all(rollouts))
        // With its sentence, which says why where it is not.
        expect(said).toMatchObject({
          exitCode: 0,
          result: "promoted",
          sentence: expect.stringContaining("promoted"),
        });
      for (const model of ["fraud", "churn"] as const)
        expect(await shop.outputs(model)).toMatchObject({ activeSlot: "green", generation: 5 });
      expect(users.map(({ failures }) => failures())).toEqual([[], []]);

      const moves = (await shop.history()).filter(({ message }) => /: release .* %/.test(message));
      expect(
        moves.map(({ resourceChanges }) => changed(resourceChanges)).filter((count) => count > 1),
      ).toEqual([]);
      for (const model of ["fraud", "churn"]) {
        const own = moves.filter(({ message }) => message.startsWith(`bluegreen, model ${model}:`));
        expect(own.filter(({ resourceChanges }) => changed(resourceChanges) === 1).length).toBeGreaterThan(0);
      }
    },
  );

  it("a person's change of one model's weight updates one resource", { timeout: LONG }, async () => {
    await shop.done("pulumi", "config", "set", "fraud:blueWeight", "10");
    await shop.done("pulumi", "up", "--yes", "--skip-preview");
    const [last] = await shop.history();
    expect(changed(last?.resourceChanges ?? {})).toBe(1);
    expect(await shop.outputs("churn")).toMatchObject({ split: { blue: 0, green: 100 } });
  });

  it(
    "one is reverted, and Pulumi told of it, while the program refuses the other",
    { timeout: LONG },
    async () => {
      await shop.program("{ service: { port: -1 } }");
      const said = await shop.says("revert", "--model", "fraud");
      expect(said).toMatchObject({ exitCode: 0, pulumi: "inLine", to: "green" });
      expect(await shop.outputs("churn")).toMatchObject({ activeSlot: "green", generation: 5 });
      expect(await shop.outputs("fraud")).toMatchObject({ split: { blue: 0, green: 100 } });
      const refused = await shop.says("revert", "--model", "churn");
      expect(refused).toMatchObject({ exitCode: 20, pulumi: "pending", to: "blue" });
      expect(String(refused["sentence"])).toContain("service.port is -1");
      await shop.program();
      // Its users were rolled back, and that is the news of the step that tells Pulumi.
      expect((await shop.run("step", "--model", "churn")).exitCode).toBe(20);
      expect(await shop.outputs("churn")).toMatchObject({
        activeSlot: "blue",
        split: { blue: 100, green: 0 },
      });
    },
  );

  it("and while a verb of the other holds the stack", { timeout: LONG }, async () => {
    await shop.done("pulumi", "config", "set", "fraud:blueWeight", "10");
    await shop.done("pulumi", "up", "--yes", "--skip-preview");
    const deploy = shop.start("deploy", "digits:1", "--model-version", "1", "--model", "churn", "--json");
    await deploy.saw("applying");
    const said = await shop.says("revert", "--model", "fraud");
    expect(said).toMatchObject({ exitCode: 0, pulumi: "inLine", to: "green" });
    const deployed = await deploy.ended;
    expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.stdout + deployed.stderr]).toEqual([
      0,
      "",
    ]);
    expect((await shop.outputs("churn")).slots.green.running).toMatchObject({ modelVersion: "1" });
    expect(await shop.outputs("fraud")).toMatchObject({ split: { blue: 0, green: 100 } });
  });

  it("a program that exports the outputs of one no longer is refused", { timeout: LONG }, async () => {
    await shop.program("{}", ["fraud"]);
    const preview = await shop.run("pulumi", "preview");
    expect(preview.exitCode).not.toBe(0);
    expect(preview.stderr + preview.stdout).toContain(
      "churn.outputs is not exported; allowed: an output of the stack",
    );
    await shop.program();
    await shop.done("pulumi", "preview", "--expect-no-changes");
  });
});

const changed = (changes: Readonly<Record<string, number>>) =>
  Object.entries(changes).reduce((sum, [operation, count]) => (operation === "same" ? sum : sum + count), 0);
