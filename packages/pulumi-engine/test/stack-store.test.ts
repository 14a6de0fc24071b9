import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSecrets } from "../state/secrets.ts";
import { openStacks, type StackState, type StackStore } from "../state/state.ts";

let directory: string;
let reader: StackStore;
let writer: StackStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stacks-"));
  const secrets = await openSecrets(directory);
  // Another process, too, has the files alone.
  [reader, writer] = [openStacks(directory, secrets), openStacks(directory, secrets)];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const state = (project: string): StackState => ({
  project,
  stack: "dev",
  resources: [],
  pending: [],
  outputs: {},
});

describe("a look at a stack", () => {
  it("is one object for as long as nobody has written", async () => {
    await writer.save(state("shop"));
    const first = await reader.look("dev");
    expect(first).toEqual(state("shop"));
    expect(await reader.look("dev")).toBe(first);
  });

  it("sees what another one has written since, of the same length, too, and that the stack is gone", async () => {
    await writer.save(state("shop"));
    await reader.look("dev");
    await writer.save(state("chop"));
    expect(await reader.look("dev")).toEqual(state("chop"));
    await writer.remove("dev");
    expect(await reader.look("dev")).toBeUndefined();
    await writer.save(state("shop"));
    expect(await reader.look("dev")).toEqual(state("shop"));
  });

  it("is another object than what a writer loads and changes", async () => {
    await writer.save(state("shop"));
    const found = await reader.load("dev");
    const seen = await reader.look("dev");
    Object.assign(found?.outputs ?? {}, { url: "http://elsewhere" });
    expect(seen?.outputs).toEqual({});
  });

  it("of a broken file is refused each time", async () => {
    await writer.save(state("shop"));
    await reader.look("dev");
    await writeFile(join(directory, "stacks", "dev.json"), "{");
    for (let time = 0; time < 2; time++)
      await expect(reader.look("dev")).rejects.toThrow(/dev\.json is broken/);
  });
});
