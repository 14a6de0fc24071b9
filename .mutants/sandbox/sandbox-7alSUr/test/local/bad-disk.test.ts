import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { localEngine, type LocalEngine } from "../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../cli/local/place.ts";
import { runningCloud } from "../../cli/local/running-cloud.ts";
import { startVerb } from "../scenario/support/verb.ts";
import { fiveBytesFlipped } from "../../packages/pulumi-engine/test/support/flipped.ts";
import { freePort } from "../support/free-port.ts";
import { startCloud, type CloudProcess } from "./support/cloud-process.ts";

const LONG = 120_000;
const BAD_DISK = join(import.meta.dirname, "support", "bad-disk.ts");

let place: LocalPlace;
let cloud: CloudProcess;
let engine: LocalEngine;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-bad-disk-"));
  place = { root: localPlace().root, directory };
  const config = { rollout: { protect: false }, blue: { image: "digits:1", modelVersion: "1", minTasks: 1 } };
  // JSON is YAML.
  await writeFile(join(directory, "Pulumi.local.yaml"), JSON.stringify({ config }));
  cloud = await startCloud(place, await freePort(), 60);
  engine = await localEngine(place, await runningCloud(place));
  const { code, stdout, stderr } = await engine.runPulumi(["up", "--yes", "--skip-preview"], {
    cwd: directory,
  });
  if (code !== 0) throw new Error(stdout + stderr);
}, LONG);
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await cloud.stop();
  await rm(place.directory, { recursive: true, force: true });
}, LONG);

const file = (name: string) => join(place.directory, name);
/** What must outlive a disk on which nothing can be written. */
const KEPT = ["Pulumi.local.yaml", "pulumi/stacks/local.json", "engine.json", "endpoint.json"];
const kept = () => Promise.all(KEPT.map((name) => readFile(file(name), "utf8")));
/** The cloud that runs writes, too, and its own are finished in a moment. */
const unfinished = async () =>
  (await readdir(place.directory, { recursive: true })).filter(
    (name) => name.endsWith(".tmp") && !name.startsWith("cloud/"),
  );

function onBadDisk(code: string, args: readonly string[], there = place) {
  vi.stubEnv("BAD_DISK", code);
  return startVerb(there, args, ["--import", BAD_DISK]).ended;
}

const VERBS = [
  ["pulumi", "config", "set", "--path", "rollout.bakeMinutes", "5"],
  ["pulumi", "up", "--yes", "--skip-preview"],
  ["deploy", "digits:2", "--model-version", "2"],
];

describe.each([
  ["full", "ENOSPC", "BG252"],
  ["another user's", "EACCES", "BG253"],
  ["read-only", "EROFS", "BG253"],
])("on a disk that is %s", (_, code, error) => {
  it.each(VERBS.map((args) => ({ args, verb: args.slice(0, 2).join(" ") })))(
    "$verb is one clear error, and nothing is lost or half written",
    async ({ args }) => {
      const before = await kept();
      const { exitCode, stderr } = await onBadDisk(code, args);
      expect(stderr).toMatch(new RegExp(`^${error}: `, "m"));
      expect(stderr).toContain(code);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(exitCode).toBe(64);
      expect(await kept()).toEqual(before);
      expect(await unfinished()).toEqual([]);
      expect(await engine.lockHolder("local")).toBeUndefined();
    },
    LONG,
  );

  it("the first local cloud is one clear error, and leaves nothing half written", async () => {
    const fresh = { ...place, directory: file(`fresh-${code}`) };
    const { exitCode, stderr } = await onBadDisk(code, ["local", "--port", "0"], fresh);
    expect(stderr).toMatch(new RegExp(`^${error}: `, "m"));
    expect(stderr).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(64);
    expect(await unfinished()).toEqual([]);
  });
});

describe("a file that is not what was written there", () => {
  it.each([
    ["pulumi/stacks/local.json", ["status"]],
    ["pulumi/stacks/local.json", ["deploy", "digits:2", "--model-version", "2"]],
    ["pulumi/stacks/local.json", ["pulumi", "stack", "output"]],
    ["endpoint.json", ["status"]],
    ["pulumi/secrets.key", ["deploy", "digits:2", "--model-version", "2"]],
  ])("%s, at %j, is one clear error with the way out", async (name, args) => {
    const whole = await readFile(file(name), "utf8");
    await writeFile(file(name), fiveBytesFlipped(whole));
    const { exitCode, stderr } = await startVerb(place, args).ended;
    await writeFile(file(name), whole);
    expect(stderr).toContain("BG251: ");
    expect(stderr).toContain(`${file(name)} is broken (`);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(64);
  });
});
