import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../../support/project.ts";
import type { Deployed, StackStore, Update } from "../../../validation/ports.ts";
import type { FakePulumi, HistoryValue } from "../support/fake-pulumi.ts";
import { stackOnDisk } from "../support/stack-on-disk.ts";

/** A secret in a slot's environment, through every file that the tools write. */
const P = PROJECT;
const KEY = "correct horse battery staple";
const DIGEST = `registry.example/digits@sha256:${"a".repeat(64)}`;
const asObject = (value: object, secret = false): HistoryValue => ({
  value: JSON.stringify(value),
  objectValue: value,
  secret,
});
const blue = { image: DIGEST, modelVersion: "1" };
const green = { ...blue, overrides: { environment: { API_KEY: KEY, LEVEL: "info" } } };
const service = { environment: { TEMPLATE_KEY: "of the template" } };
const CONFIG = {
  [`${P}:blue`]: asObject(blue),
  [`${P}:green`]: asObject(green, true),
  [`${P}:service`]: asObject(service, true),
  [`${P}:generation`]: { value: "3" },
};
const SECURE_GREEN = {
  ...blue,
  overrides: { environment: { API_KEY: { secure: "v1:key" }, LEVEL: "info" } },
};
const FILE = `encryptionsalt: v1:salt
config:
  ${P}:blue: ${JSON.stringify(blue)}
  ${P}:green: ${JSON.stringify(SECURE_GREEN)}
  ${P}:service: ${JSON.stringify({ environment: { TEMPLATE_KEY: { secure: "v1:template" } } })}
  ${P}:generation: 3
`;
const WITHOUT = `encryptionsalt: v1:salt
config:
  ${P}:blue: ${JSON.stringify(blue)}
  ${P}:generation: 3
`;
const update = (change: Update["change"]): Update => ({
  change: { ...change, generation: 4 },
  scope: "everything",
  refresh: false,
  message: "bluegreen: a change",
});

let directory: string;
let pulumi: FakePulumi;
let store: StackStore;
const path = () => join(directory, "Pulumi.dev.yaml");
const file = () => readFile(path(), "utf8");
const sets = () => pulumi.commands.filter(([group, verb]) => group === "config" && verb === "set");
const updatedWith = () => pulumi.configFile["config"] as Readonly<Record<string, unknown>>;

async function given(checkout: string): Promise<Deployed> {
  await writeFile(path(), checkout);
  pulumi.succeeded(CONFIG);
  if (checkout === FILE) {
    pulumi.revealed = { [`${P}:green`]: JSON.stringify(green), [`${P}:service`]: JSON.stringify(service) };
  }
  const deployed = await store.deployed();
  if (deployed === undefined) throw new Error("nothing is deployed");
  return deployed;
}

beforeEach(async () => {
  ({ directory, pulumi, store } = await stackOnDisk());
  pulumi.ciphers = { "v1:key": KEY, "v1:template": "of the template" };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a slot with a secret gets its next model all the same, and a copied secret keeps its ciphertext", async () => {
  await given(FILE);
  const next = { ...blue, modelVersion: "2", overrides: { environment: service.environment } };
  await store.apply(update({ green: next }));
  expect(updatedWith()[`${P}:green`]).toEqual({
    ...blue,
    modelVersion: "2",
    overrides: { environment: { TEMPLATE_KEY: { secure: "v1:template" } } },
  });
  expect(JSON.stringify(updatedWith())).not.toMatch(/correct horse|of the template/);
});

test("another number of tasks on it leaves its secret as it stands, and its open variables open", async () => {
  await given(FILE);
  await store.apply(update({ green: { ...green, minTasks: 4 } }));
  expect(updatedWith()[`${P}:green`]).toEqual({ ...SECURE_GREEN, minTasks: 4 });
  expect(sets()).toEqual([]);
});

test("what the checkout no longer has is encrypted anew by its path, and is never written in clear", async () => {
  await given(WITHOUT);
  await store.apply(update({ greenWeight: 10 }));
  expect(JSON.stringify(updatedWith())).not.toMatch(/correct horse|of the template/);
  const anew = sets().map((args) => [args.includes("--path"), ...args.slice(-3)]);
  expect(anew).toContainEqual([true, `${P}:green.overrides.environment.API_KEY`, "--", KEY]);
  expect(anew).toContainEqual([true, `${P}:service.environment.TEMPLATE_KEY`, "--", "of the template"]);
});

test("a stack file with the deployed secret is in step, and its values can be compared", async () => {
  const deployed = await given(FILE);
  const { outOfStep, values } = await store.checkout(deployed);
  expect(outOfStep).toEqual([]);
  expect(JSON.parse(values?.["service"] ?? "")).toEqual(service);
});

test("sync writes the deployed secret into no file in clear: encrypted as it was, or by Pulumi", async () => {
  const deployed = await given(FILE.replace("generation: 3", "generation: 1").replace('"info"', '"debug"'));
  pulumi.revealed = {
    [`${P}:green`]: JSON.stringify(green).replace('"info"', '"debug"'),
    [`${P}:service`]: JSON.stringify(service),
  };
  expect(await store.sync(deployed)).toEqual(["green", "generation"]);
  expect(parse(await file())).toMatchObject({
    config: { [`${P}:green`]: { overrides: { environment: { API_KEY: { secure: "v1:key" } } } } },
  });
  await writeFile(path(), WITHOUT.replace("generation: 3", "generation: 1"));
  await store.sync(deployed);
  expect(await file()).not.toContain(KEY);
  const [set = []] = sets().filter((args) => args.includes(path()) && args.at(-1) === KEY);
  expect(set.slice(-3)).toEqual([`${P}:green.overrides.environment.API_KEY`, "--", KEY]);
});
