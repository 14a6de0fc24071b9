import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "../../support/project.ts";
import type { StackStore, Update } from "../../../validation/ports.ts";
import type { FakePulumi, HistoryValue } from "../support/fake-pulumi.ts";
import { stackOnDisk } from "../support/stack-on-disk.ts";

const P = PROJECT;
const deployedWith = (generation: number, weight?: number): Record<string, HistoryValue> => ({
  [`${P}:generation`]: { value: String(generation) },
  [`${P}:thresholds`]: { value: '{"maxErrorRate":"0.02"}', objectValue: { maxErrorRate: "0.02" } },
  ...(weight === undefined ? {} : { [`${P}:greenWeight`]: { value: String(weight) } }),
});
const fileWith = (generation: number, weight?: number) =>
  `config:
  # mine, and not yet deployed
  ${P}:thresholds:
    maxErrorRate: 0.5
  ${P}:generation: ${generation}
${weight === undefined ? "" : `  ${P}:greenWeight: ${weight}\n`}`;
const NEXT: Update = {
  change: { generation: 4, release: {} },
  scope: "route",
  refresh: false,
  message: "bluegreen: the next generation",
};

let directory: string;
let pulumi: FakePulumi;
let store: StackStore;
const path = () => join(directory, "Pulumi.dev.yaml");
const write = (text: string) => writeFile(path(), text);
const configOf = async () =>
  (parse(await readFile(path(), "utf8")) as { readonly config: Record<string, unknown> }).config;

beforeEach(async () => {
  ({ directory, pulumi, store } = await stackOnDisk());
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe("a stack file that is behind", () => {
  test("follows what is deployed when it says what an earlier update of ours left there", async () => {
    pulumi.succeeded(deployedWith(2, 10));
    pulumi.succeeded(deployedWith(3));
    await write(fileWith(2, 10));
    expect(await store.follow()).toEqual(["greenWeight", "generation"]);
    expect(await configOf()).toEqual({
      [`${P}:generation`]: "3",
      [`${P}:thresholds`]: { maxErrorRate: 0.5 },
    });
    expect(await store.follow()).toEqual([]);
  });

  test.each([
    ["a release key that a person has edited", fileWith(2, 25)],
    ["an edit at the deployed generation, although an earlier update had the same", fileWith(3, 10)],
    ["a generation that nobody has deployed", fileWith(1, 10)],
  ])("stays as it is with %s", async (_title, text) => {
    pulumi.succeeded(deployedWith(2, 10));
    pulumi.succeeded(deployedWith(3));
    await write(text);
    expect(await store.follow()).toEqual([]);
    expect(await readFile(path(), "utf8")).toBe(text);
  });

  test("need not be there", async () => {
    pulumi.succeeded(deployedWith(3));
    expect(await store.follow()).toEqual([]);
  });
});

describe("an update", () => {
  test("brings a file in step that was one write behind: a kill, or another process, left it so", async () => {
    pulumi.succeeded(deployedWith(2));
    pulumi.succeeded(deployedWith(3));
    await write(fileWith(2));
    await store.apply(NEXT);
    expect(await configOf()).toMatchObject({ [`${P}:generation`]: "4" });
  });

  test("does not roll the file back behind another process that was faster", async () => {
    pulumi.succeeded(deployedWith(3));
    await write(fileWith(3));
    pulumi.onSummary = () => {
      pulumi.onSummary = () => {};
      pulumi.succeeded(deployedWith(5));
    };
    await store.apply(NEXT);
    expect(await configOf()).toMatchObject({ [`${P}:generation`]: "5" });
  });

  test("is done although the file cannot be followed; the end of the verb looks again and tells", async () => {
    pulumi.succeeded(deployedWith(3));
    await write(fileWith(3));
    pulumi.onSummary = () => {
      pulumi.historyFailure = "the backend does not answer";
    };
    expect(await store.apply(NEXT)).toMatchObject({ kind: "applied" });
    await expect(store.follow()).rejects.toThrow("the backend does not answer");
  });
});
