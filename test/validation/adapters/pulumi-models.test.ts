import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pulumiStack } from "../../../validation/adapters/pulumi/stack.ts";
import type { StackStore } from "../../../validation/ports.ts";
import { overtaken, writerIn, writerVariables } from "../../../contract/transition/writer.ts";
import { PROJECT } from "../../support/project.ts";
import { OUTPUTS, type FakePulumi } from "../support/fake-pulumi.ts";
import { asObject, SHARE, stackOnDisk } from "../support/stack-on-disk.ts";

const digits = (letter: string) =>
  asObject({ image: `repo/m@sha256:${letter.repeat(64)}`, modelVersion: letter, minTasks: 1, maxTasks: 4 });
const CONFIG = {
  "aws:region": { value: "us-east-1" },
  "fraud:blue": digits("a"),
  "fraud:green": digits("b"),
  "fraud:generation": { value: "3" },
  "churn:blue": digits("c"),
  "churn:green": digits("d"),
  "churn:greenWeight": { value: "5" },
  "churn:generation": { value: "7" },
  "churn:thresholds": asObject({ maxErrorRate: "0.02" }),
};

let directory: string;
let pulumi: FakePulumi;
let fraud: StackStore;
beforeEach(async () => {
  ({ directory, pulumi } = await stackOnDisk());
  fraud = storeOf("fraud");
  pulumi.outputs = {
    fraud: { ...OUTPUTS, model: "fraud" },
    churn: { ...OUTPUTS, model: "churn", routeArn: "other" },
  };
  pulumi.succeeded(CONFIG);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const storeOf = (model: string) =>
  pulumiStack({
    project: PROJECT,
    model,
    stack: "dev",
    directory,
    scratchDirectory: join(directory, "tmp"),
    aloneAs: directory,
    pulumiCommand: async () => pulumi.command(),
  });

describe("one model of a stack with two", () => {
  test("has its own configuration, outputs and nothing of the other's", async () => {
    expect(await fraud.models()).toEqual(["churn", "fraud"]);
    const deployed = await fraud.deployed();
    expect(deployed).toMatchObject({
      config: { generation: 3, split: { green: 0 } },
      outputs: { routeArn: "route" },
    });
    expect(deployed?.others).toEqual(["churn"]);
    expect(Object.keys(deployed?.raw ?? {}).filter((key) => key.startsWith("churn:"))).toEqual([]);
    expect(await storeOf("churn").deployed()).toMatchObject({
      config: { generation: 7, split: { green: 5 } },
      outputs: { routeArn: "other" },
    });
  });

  test("that there is not is told with those that there are", async () => {
    await expect(storeOf("fruad").deployed()).rejects.toMatchObject({
      code: "BG400",
      message: expect.stringContaining("It is fruad; there are churn, fraud."),
    });
  });

  test("changes its weight by its own route alone, and everything of the other as it is deployed", async () => {
    expect(await fraud.apply(SHARE)).toMatchObject({
      kind: "applied",
      deployed: { config: { split: { green: 10 } } },
    });
    const up = pulumi.commands.find(([verb]) => verb === "up") ?? [];
    expect(up[up.indexOf("--target") + 1]).toBe(
      `urn:pulumi:dev::${PROJECT}::**aws:lb/listenerRule:ListenerRule::fraud-route`,
    );
    expect(up[up.indexOf("--message") + 1]).toBe("bluegreen, model fraud: release r starts at 10 %");
    expect(pulumi.configFile["config"]).toMatchObject({
      "fraud:greenWeight": "10",
      "fraud:generation": "4",
      "churn:greenWeight": "5",
      "churn:generation": "7",
      "churn:thresholds": { maxErrorRate: "0.02" },
    });
  });

  test("says in the environment of its update whose it is, and from which generation it was made up", async () => {
    await fraud.apply(SHARE);
    expect(pulumi.environments.at(-1)).toMatchObject(writerVariables("fraud", 3, true));
  });

  test("does nothing where somebody has moved the users on whom it was decided, and tells the program who they were", async () => {
    expect(await fraud.apply({ ...SHARE, from: { blue: 75, green: 25 } })).toEqual({ kind: "stale" });
    expect(pulumi.environments).toEqual([]);
    await fraud.apply({ ...SHARE, from: { blue: 100, green: 0 } });
    expect(pulumi.environments.at(-1)).toMatchObject({ BLUEGREEN_UPDATE_FROM_SPLIT: "100/0" });
  });

  test("makes its update up anew where the other one's came between, and so loses neither", async () => {
    let left = 1;
    pulumi.beforeUp = () => {
      if (left === 0) return;
      left = 0;
      pulumi.succeeded({
        ...CONFIG,
        "churn:greenWeight": { value: "25" },
        "churn:generation": { value: "8" },
      });
      // As the program says it under the lock: infra/config.ts.
      const writer = writerIn(writerVariables("fraud", 3, true));
      throw new Error(`error: update failed: ${overtaken("churn", { previous: 8, next: 7 }, writer)}`);
    };
    expect(await fraud.apply(SHARE)).toMatchObject({
      kind: "applied",
      deployed: { config: { generation: 4 } },
    });
    expect(pulumi.configFile["config"]).toMatchObject({ "churn:greenWeight": "25", "churn:generation": "8" });
  });

  test("that is locked out says which other models may hold the stack", async () => {
    pulumi.failure = "error: the stack is currently locked by 1 lock(s)";
    expect(await fraud.apply(SHARE)).toMatchObject({ kind: "locked", others: ["churn"] });
  });

  test("writes its own keys of the stack file, however the project's own are spelled in it", async () => {
    const path = join(directory, "Pulumi.dev.yaml");
    await writeFile(path, `config:\n  greenWeight: 1\n  fraud:generation: "3"\n  churn:greenWeight: 5\n`);
    const deployed = await fraud.deployed();
    if (deployed === undefined) throw new Error("nothing is deployed");
    await fraud.sync({ ...deployed, raw: { ...deployed.raw, greenWeight: "10", generation: "4" } });
    const text = await readFile(path, "utf8");
    expect(text).toContain("  greenWeight: 1\n");
    expect(text).toContain('  fraud:greenWeight: "10"\n');
    expect(text).toContain("  churn:greenWeight: 5\n");
  });
});
