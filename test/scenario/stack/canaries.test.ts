import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  canary,
  sightings,
  watchProcesses,
  type Canaries,
  type ProcessWatch,
  type Sighting,
} from "../support/canaries.ts";
import { isCloudWatch } from "../support/gate.ts";
import type { Ran } from "../support/verb.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 1_200_000;

/** What a person has, and puts into the configuration or the environment of a shell. */
const OWN = {
  "test token": `${canary().slice(0, 48)}`,
  webhook: canary(),
  "model's variable": canary(),
  passphrase: canary(),
  "registry password": canary(),
  "runner's token": canary(),
};

/**
 * Where a secret of the local cloud is at home, and why: files that their owner alone can read (mode 600).
 * - keys.json, endpoint.json: the cloud's own keys, and where the tools find them
 * - cloud.json: stands for AWS, which shows a task definition's variables and rules to whoever may describe them
 * - functions and records beside it: the watchdog's environment, as Lambda keeps it
 */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  "keys.json": ["cloud's token", "cloud's secret key"],
  "endpoint.json": ["cloud's token", "cloud's secret key"],
  "cloud.json": ["model's variable", "test token", "webhook"],
};

describe.skipIf(process.platform !== "linux")(
  "given a stack with secrets in every place that takes one",
  () => {
    let world: World;
    let folder: string;
    let registry: Server;
    let watch: ProcessWatch;
    let canaries: Canaries;
    const said: Sighting[] = [];
    const verbs: string[] = [];

    /** A verb, twice: for a person and for a program. Whatever it says, and however it ends. */
    const hear = (ran: Ran, verb: string) => {
      verbs.push(`${verb}: ${ran.exitCode}`);
      said.push(...sightings(ran.stdout, `stdout of ${verb}`, canaries));
      said.push(...sightings(ran.stderr, `stderr of ${verb}`, canaries));
      return ran;
    };
    const run = async (...args: string[]) => hear(await world.run(...args), args.slice(0, 2).join(" "));
    const both = (...args: string[]) => Promise.all([run(...args), run(...args, "--json")]);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "bluegreen-canaries-"));
      // It refuses whoever asks, as one whose password has changed.
      registry = createServer((_, response) => {
        response.writeHead(401, { "content-type": "application/json" });
        response.end('{"error_code":"UNAUTHENTICATED","message":"who are you"}');
      });
      await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
      // A server that listens on a TCP port has a socket address.
      const { port } = registry.address() as AddressInfo;
      // Not `vi.stubEnv`, which ends with each test. A process for each file (vitest.config.ts), so nobody else has them.
      Object.assign(process.env, {
        PULUMI_CONFIG_PASSPHRASE: OWN.passphrase,
        MLFLOW_TRACKING_URI: `http://ml:${OWN["registry password"]}@127.0.0.1:${port}`,
        GH_TOKEN: OWN["runner's token"],
        BLUEGREEN_STATE_DIRECTORY: join(folder, "state-of-user"),
        GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
      });
      world = await aStack({
        speed: 30,
        blue: { image: "digits:1", modelVersion: "1" },
        // The story is not about the verdict: on a busy machine every answer is late.
        thresholds: { slowSeconds: 10, maxSlowRate: 0.9 },
        // It has the webhook in its environment, and tells of what it does.
        rollout: { watchdog: true },
      });
      const { token, secretAccessKey } = world.endpoint;
      canaries = { ...OWN, "cloud's token": token, "cloud's secret key": secretAccessKey };
      // A person's own command line: what he types stands in the process list while it runs.
      await world.pulumi("config", "set", "--secret", "testToken", OWN["test token"]);
      const webhook = `https://hook:${OWN.webhook}@127.0.0.1:9/${OWN.webhook}`;
      await world.pulumi("config", "set", "--secret", "notifyUrl", webhook);
      const variable = "green.overrides.environment.API_KEY";
      await world.pulumi("config", "set", "--path", "--secret", variable, OWN["model's variable"]);
      await world.pulumi("config", "set", "--path", "green.image", "digits:1");
      await world.pulumi("config", "set", "--path", "green.modelVersion", "1");
      watch = watchProcesses(canaries, (words) =>
        words.includes("examples/") ? ["model's variable"] : "all",
      );
      await world.pulumi("up", "--yes", "--skip-preview");
    }, LONG);
    afterAll(async () => {
      watch.stop();
      registry.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    }, LONG);

    it(
      "a whole release goes through, with everything that looks at it",
      async () => {
        expect((await run("deploy", "digits:2", "--model-version", "2")).exitCode).toBe(0);
        const users = world.users(120);
        await run("test", "--json");
        await run("rollout", "--skip-tests", "--one-step", "--evidence", join(folder, "step.json"));
        await run("rollout", "--skip-tests", "--json", "--evidence", join(folder, "last.json"));
        const reads = [
          ...["status", "history", "diff", "plan", "cost", "doctor", "sync"].map((verb) => [verb]),
          ["logs", "green"],
          ["explain", join(folder, "step.json")],
          ["verify", join(folder, "step.json")],
          ["report", join(folder, "step.json"), "--html", join(folder, "report.html")],
          ["pulumi", "stack", "export"],
          ["pulumi", "stack", "history"],
          ["pulumi", "preview", "--diff"],
        ];
        for (const args of reads) await both(...args);
        for (const verb of ["pause", "approve", "resume", "restore", "retire", "freeze"]) await both(verb);
        await both("cohort", "add", "friends", "--slot", "green", "--header", "x-friend=yes");
        await both("experiment", "start");
        await both("rotate", "green");
        await both("feedback", join(folder, "step.json"));
        await both("judge", join(folder, "step.json"));
        expect((await run("revert", "--reason", "because")).exitCode).toBe(0);
        await users.leave();
        expect(verbs.filter((verb) => verb.endsWith(": 0")).length).toBeGreaterThan(12);
      },
      LONG,
    );

    it(
      "and verbs that fail: a registry that refuses, a cloud that does, a file that is none, another token",
      async () => {
        const refused = await run("deploy", "models:/fraud/7");
        expect(refused.exitCode).not.toBe(0);
        expect(refused.stderr).toContain("MLflow answers 401");
        await both("deploy", "digits:no-such-image", "--model-version", "9");
        await both("promote", "--now", "--reason", "no release");
        await both("replay", join(folder, "report.html"));
        const gate = await world.gate();
        gate.fail(isCloudWatch);
        await both("status");
        gate.fail(() => true);
        await both("status");
        gate.fail(undefined);
        expect(verbs.filter((verb) => !verb.endsWith(": 0")).length).toBeGreaterThan(4);
      },
      LONG,
    );

    it(
      "no verb says one of them, no file has one but those that are its home, and no process shows one",
      async () => {
        expect(said).toEqual([]);
        const files = [...(await filesBelow(world.place.directory)), ...(await filesBelow(folder))];
        const found: Sighting[] = [];
        const open: string[] = [];
        for (const path of files) {
          const name = path.split("/").at(-1) ?? "";
          const here = sightings(await readFile(path, "latin1").catch(() => ""), path, canaries);
          found.push(...here.filter(({ secret }) => HOMES[name]?.includes(secret) !== true));
          if (here.length > 0 && ((await stat(path)).mode & 0o077) !== 0) open.push(path);
        }
        expect(found).toEqual([]);
        expect(open).toEqual([]);
        // What was looked at is what a release leaves behind.
        expect(files.some((path) => path.includes("state-of-user"))).toBe(true);
        for (const name of ["journal.jsonl", "report.html", "report.md", "step.json", "summary.md"])
          expect(files.some((path) => path.endsWith(`/${name}`))).toBe(true);
        const { sightings: shown, looks, processes } = watch.stop();
        expect(shown).toEqual([]);
        expect(looks).toBeGreaterThan(100);
        expect(processes).toBeGreaterThan(10);
      },
      LONG,
    );
  },
);

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}
