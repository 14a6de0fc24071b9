import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;
const root = join(import.meta.dirname, "..", "..", "..");

interface Told {
  readonly exitCode: number;
  readonly sentence: string;
  readonly asked: number;
  readonly disagreement: { readonly candidateDiffers: number; readonly activeDiffers: number };
}

describe("given digits:2 on blue, and requests that users made", () => {
  let world: World;
  let directory: string;
  let file: string;
  beforeAll(async () => {
    world = await aStack({ speed: 60, blue: { image: "digits:2", modelVersion: "2" } });
    const golden = await readFile(join(root, "examples", "digits", "golden.jsonl"), "utf8");
    const recorded = golden
      .trim()
      .split("\n")
      .map((line) => {
        // The shape of the example's golden set.
        const { features } = JSON.parse(line) as { readonly features: unknown };
        return JSON.stringify({ method: "POST", path: "/predict", body: { features } });
      });
    directory = await mkdtemp(join(tmpdir(), "bluegreen-recorded-"));
    file = join(directory, "recorded.jsonl");
    await writeFile(file, recorded.join("\n"));
  }, LONG);
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true });
  }, LONG);

  const replayed = async (image: string, version: string) => {
    expect(await world.deploy(image, version)).toMatchObject({ exitCode: 0, slot: "green" });
    const evidence = join(directory, "shadow.json");
    const ran = await world.run("replay-requests", file, "--allowed", "5", "--evidence", evidence, "--json");
    // The shape of what `replay-requests` prints.
    const told = JSON.parse(ran.stdout) as Told;
    expect(JSON.parse(await readFile(evidence, "utf8"))).toEqual(told);
    expect(ran.exitCode).toBe(told.exitCode);
    return told;
  };

  it(
    "a version with the same weights is shown to answer alike, while nobody is on it",
    async () => {
      const told = await replayed("digits:3", "3");
      expect(told).toMatchObject({
        exitCode: 0,
        asked: 400,
        disagreement: { candidateDiffers: 0, activeDiffers: 0 },
      });
      expect(told.sentence).toMatch(/less than 5 points more is shown; green gave an answer to all$/);
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
    },
    LONG,
  );

  it(
    "one whose pixels are scaled wrongly answers 200 each time, and otherwise",
    async () => {
      const told = await replayed("digits:2-preprocessing-mismatch", "4");
      expect(told.exitCode).toBe(10);
      expect(told.disagreement.candidateDiffers).toBeGreaterThan(0.5);
      expect(told.sentence).toContain("more than the 5 points allowed");
    },
    LONG,
  );
});
