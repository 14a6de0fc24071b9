import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../../support/project.ts";
import type { StackStore, Update } from "../../../validation/ports.ts";
import type { FakePulumi } from "../support/fake-pulumi.ts";
import { stackOnDisk } from "../support/stack-on-disk.ts";

const DIGEST = (letter: string) => `repo/model@sha256:${letter.repeat(64)}`;
const TOKEN = "t".repeat(32);
const blue = { image: DIGEST("a"), modelVersion: "1", minTasks: 1, maxTasks: 4 };
const green = { image: DIGEST("b"), modelVersion: "2", minTasks: 1, maxTasks: 4 };
const asObject = (value: object) => ({ value: JSON.stringify(value), objectValue: value });
const P = PROJECT;
const CONFIG = {
  "aws:region": { value: "us-east-1" },
  [`${P}:blue`]: asObject(blue),
  [`${P}:green`]: asObject(green),
  [`${P}:generation`]: { value: "3" },
  [`${P}:thresholds`]: asObject({ maxErrorRate: "0.02" }),
};
const WITH_TOKEN = {
  ...CONFIG,
  [`${P}:testToken`]: { value: TOKEN, secret: true },
  [`${P}:service`]: asObject({ testCidrs: ["10.0.0.0/8"] }),
};
const FILE = `# how secrets are kept
encryptionsalt: v1:salt
config:
  aws:region: us-east-1
  # mine, and not yet deployed
  ${P}:thresholds:
    maxErrorRate: 0.5
  ${P}:blue: ${JSON.stringify(blue)}
  ${P}:green: ${JSON.stringify(green)}
  ${P}:generation: 3
`;
const SHARE: Update = {
  change: { greenWeight: 10, generation: 4 },
  scope: "route",
  refresh: false,
  message: "bluegreen: release r starts at 10 %",
};

// As Pulumi's CLI 3.260 says it.
const PENDING = `Diagnostics:
  aws:ecs:Service (green):
    error: Creation of service was not idempotent.

  pulumi:pulumi:Stack (fraud-model-dev):
    warning: Attempting to deploy or update resources with 1 pending operations from previous deployment.
      * urn:pulumi:dev::fraud-model::aws:ecs/service:Service::green, interrupted while creating
    These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for changes to these resources to complete. You should confirm whether or not the operations listed completed successfully by checking the state of the appropriate provider. For example, if you are using AWS, you can confirm using the AWS Console.

    Once you have confirmed the status of the interrupted operations, you can repair your stack using \`pulumi refresh\` which will refresh the state from the provider you are using and clear the pending operations if there are any.

    Note that \`pulumi refresh\` will need to be run interactively to clear pending CREATE operations.
    error: update failed

Resources:
    3 unchanged`;

let directory: string;
let pulumi: FakePulumi;
let store: StackStore;
const path = () => join(directory, "Pulumi.dev.yaml");
const write = (text: string) => writeFile(path(), text);
const commandOf = (verb: string) => pulumi.commands.find(([first]) => first === verb) ?? [];

beforeEach(async () => {
  ({ directory, pulumi, store } = await stackOnDisk());
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("the stack as deployed", () => {
  test("is what the last succeeded update ran with, whatever failed or was refreshed since", async () => {
    pulumi.succeeded(CONFIG);
    const later = { ...CONFIG, [`${P}:generation`]: { value: "9" } };
    pulumi.succeeded(later, { result: "failed" });
    pulumi.succeeded(later, { kind: "refresh" });
    const deployed = await store.deployed();
    expect(deployed?.config).toMatchObject({ generation: 3, thresholds: { maxErrorRate: 0.02 } });
    expect(deployed?.endedWallMs).toBe(Date.parse("2026-11-21T10:00:00Z"));
  });

  test("is found behind any number of failures", async () => {
    pulumi.succeeded(CONFIG);
    for (let count = 0; count < 25; count += 1) pulumi.succeeded(CONFIG, { result: "failed" });
    expect((await store.deployed())?.config.generation).toBe(3);
  });

  test("does not exist before the first update, nor after a destroy", async () => {
    expect(await store.deployed()).toBeUndefined();
    pulumi.succeeded(CONFIG);
    pulumi.succeeded(CONFIG, { kind: "destroy" });
    expect(await store.deployed()).toBeUndefined();
  });

  test("is refused with every problem when it is not allowed", async () => {
    pulumi.succeeded({ ...CONFIG, [`${P}:greenWeight`]: { value: "ten" } });
    await expect(store.deployed()).rejects.toMatchObject({ code: "BG102" });
  });

  test.each([
    "error: decrypting secrets: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "error: could not create secrets manager: incorrect passphrase",
    "error: 2 errors occurred:\n    1) operation error KMS: Decrypt, https response error StatusCode: 400, AccessDeniedException: no",
  ])("is not read when nobody can open its secrets, and it says what fixes that: %s", async (said) => {
    pulumi.historyFailure = said;
    await expect(store.deployed()).rejects.toMatchObject({ code: "BG290", exitCode: 64 });
    await expect(store.deployed()).rejects.toThrow(/passphrase|KMS: Decrypt/);
  });

  test("is not read when its secrets have another key since, and it says that an update fixes that", async () => {
    const closed = { value: "ERROR_UNABLE_TO_DECRYPT", secret: true };
    pulumi.succeeded({ ...CONFIG, [`${P}:testToken`]: closed });
    await expect(store.deployed()).rejects.toMatchObject({
      code: "BG315",
      fix: expect.stringContaining("pulumi up"),
    });
    pulumi.succeeded(WITH_TOKEN);
    expect(await store.deployed()).toBeDefined();
  });

  test("is read without changing which stack the person has selected", async () => {
    pulumi.succeeded(CONFIG);
    await store.deployed();
    expect(pulumi.commands.every(([group, verb]) => !(group === "stack" && verb === "select"))).toBe(true);
  });
});

describe("a change of weights", () => {
  test("is one update that can touch nothing but the route", async () => {
    pulumi.succeeded(CONFIG);
    await write(FILE);
    const applied = await store.apply(SHARE);
    expect(applied).toMatchObject({
      kind: "applied",
      changedResources: 1,
      deployed: { config: { split: { green: 10 } } },
    });
    const up = commandOf("up");
    expect(up.slice(0, 5)).toEqual(["up", "--yes", "--skip-preview", "--message", SHARE.message]);
    expect(up[up.indexOf("--target") + 1]).toBe(
      `urn:pulumi:dev::${P}::**aws:lb/listenerRule:ListenerRule::${P}-route`,
    );
    expect(up).not.toContain("--refresh");
    expect(pulumi.commands.filter(([verb]) => verb === "up" || verb === "preview")).toHaveLength(1);
  });

  test("deploys the deployed configuration and nothing of what the person has edited since", async () => {
    pulumi.succeeded(CONFIG);
    await write(FILE);
    await store.apply(SHARE);
    expect(pulumi.configFile).toEqual({
      encryptionsalt: "v1:salt",
      config: {
        "aws:region": "us-east-1",
        [`${P}:blue`]: blue,
        [`${P}:green`]: green,
        [`${P}:thresholds`]: { maxErrorRate: "0.02" },
        [`${P}:generation`]: "4",
        [`${P}:greenWeight`]: "10",
      },
    });
  });

  test("then brings the release keys of the file up to date, and leaves edits and comments alone", async () => {
    pulumi.succeeded(CONFIG);
    await write(FILE);
    await store.apply(SHARE);
    const text = await readFile(path(), "utf8");
    expect(text).toContain("# mine, and not yet deployed");
    expect(parse(text)).toMatchObject({
      config: {
        [`${P}:greenWeight`]: "10",
        [`${P}:generation`]: "4",
        [`${P}:thresholds`]: { maxErrorRate: 0.5 },
      },
    });
    expect(await readdir(directory)).toEqual(["Pulumi.dev.yaml", "Pulumi.yaml", "tmp"]);
    expect(await readdir(join(directory, "tmp"))).toEqual([]);
  });

  test("leaves the file alone when its release keys were not the deployed ones before", async () => {
    pulumi.succeeded(CONFIG);
    const edited = FILE.replace("generation: 3", "generation: 2");
    await write(edited);
    await store.apply(SHARE);
    expect(await readFile(path(), "utf8")).toBe(edited);
  });

  test("does nothing when another update came in between", async () => {
    pulumi.succeeded({ ...CONFIG, [`${P}:generation`]: { value: "4" } });
    expect(await store.apply(SHARE)).toEqual({ kind: "stale" });
    expect(commandOf("up")).toEqual([]);
  });

  test("leaves no temporary file behind, not even when it fails", async () => {
    pulumi.succeeded(CONFIG);
    pulumi.failure = "Diagnostics:\n  aws:lb: no\n\nResources:\n    1 unchanged";
    expect(await store.apply(SHARE)).toEqual({ kind: "failed", message: "aws:lb: no", unknown: [] });
    const up = commandOf("up");
    await expect(readFile(up[up.indexOf("--config-file") + 1] ?? "")).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  test("names what an update was creating that was cut off, apart from what failed now", async () => {
    pulumi.succeeded(CONFIG);
    pulumi.failure = PENDING;
    expect(await store.apply(SHARE)).toEqual({
      kind: "failed",
      message: "aws:ecs:Service (green):\n    error: Creation of service was not idempotent.",
      unknown: ["urn:pulumi:dev::fraud-model::aws:ecs/service:Service::green"],
    });
  });
});

describe("a change of everything", () => {
  test("has no target, and refreshes when asked to", async () => {
    pulumi.succeeded(CONFIG);
    await store.apply({ ...SHARE, scope: "everything", refresh: true });
    expect(commandOf("up")).not.toContain("--target");
    expect(commandOf("up")).toContain("--refresh");
  });
});

describe("secrets", () => {
  const secure = `  ${P}:testToken:\n    secure: v1:cipher\n`;

  test("stay encrypted: the checkout's ciphertext is taken over while it holds the deployed value", async () => {
    pulumi.succeeded(WITH_TOKEN);
    pulumi.revealed = { [`${P}:testToken`]: TOKEN };
    await write(FILE + secure);
    await store.apply(SHARE);
    expect(pulumi.configFile["config"]).toMatchObject({ [`${P}:testToken`]: { secure: "v1:cipher" } });
    expect(JSON.stringify(pulumi.configFile)).not.toContain(TOKEN);
    expect(pulumi.commands.some((args) => args.includes(TOKEN))).toBe(false);
  });

  test("that the person has changed since are encrypted anew by Pulumi", async () => {
    pulumi.succeeded(WITH_TOKEN);
    pulumi.revealed = { [`${P}:testToken`]: "n".repeat(32) };
    await write(FILE + secure);
    await store.apply(SHARE);
    expect(JSON.stringify(pulumi.configFile)).not.toContain(TOKEN);
    const set = pulumi.commands.find(([group, verb]) => group === "config" && verb === "set") ?? [];
    expect(set.slice(0, 4)).toEqual(["config", "set", "--secret", "--config-file"]);
    expect(set.slice(5)).toEqual(["--stack", "dev", `${P}:testToken`, "--", TOKEN]);
  });

  test("cannot be deployed without the file that says how they are encrypted", async () => {
    pulumi.succeeded(WITH_TOKEN);
    await expect(store.apply(SHARE)).rejects.toMatchObject({ code: "BG104" });
  });

  test("inside an object that are no variables, and that the person has changed since, are refused by name", async () => {
    const service = { testCidrs: ["10.0.0.0/8"] };
    pulumi.succeeded({ ...CONFIG, [`${P}:service`]: { ...asObject(service), secret: true } });
    await write(FILE);
    await expect(store.apply(SHARE)).rejects.toThrow("It is inside service.");
  });
});

describe("sync", () => {
  test("brings the release keys in line, keeps the person's own, and says what it changed", async () => {
    pulumi.succeeded(CONFIG);
    await write(FILE.replace("generation: 3", "generation: 1").replace(`${P}:blue`, "blue"));
    const deployed = await store.deployed();
    if (deployed === undefined) throw new Error("nothing deployed");
    expect(await store.checkout(deployed)).toMatchObject({ outOfStep: ["generation"] });
    expect(await store.sync(deployed)).toEqual(["generation"]);
    const { outOfStep, values } = await store.checkout(deployed);
    expect(outOfStep).toEqual([]);
    expect(values?.["thresholds"]).toBe('{"maxErrorRate":0.5}');
    expect(parse(await readFile(path(), "utf8"))).toMatchObject({
      config: { [`${P}:thresholds`]: { maxErrorRate: 0.5 } },
    });
  });

  test("removes what is no longer deployed", async () => {
    pulumi.succeeded(CONFIG);
    await write(`${FILE}  ${P}:greenWeight: 25\n`);
    const deployed = await store.deployed();
    if (deployed === undefined) throw new Error("nothing deployed");
    expect(await store.sync(deployed)).toEqual(["greenWeight"]);
    expect(await readFile(path(), "utf8")).not.toContain("greenWeight");
  });

  test("needs the file", async () => {
    pulumi.succeeded(CONFIG);
    const deployed = await store.deployed();
    if (deployed === undefined) throw new Error("nothing deployed");
    await expect(store.sync(deployed)).rejects.toMatchObject({ code: "BG104" });
  });
});
