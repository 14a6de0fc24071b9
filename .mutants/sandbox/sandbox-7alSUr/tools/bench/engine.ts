/**
 * `npm run bench:engine`: seconds of a weight-only change, an update without changes, and a preview, on the embedded
 * engine and on the Pulumi CLI when there is one; of these, how long the program's process ran. Both engines take
 * turns on local clouds of their own, as commands that a person types.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCloudProcess, type CloudProcess } from "../../cli/demo/cloud-process.ts";
import { nameOf } from "../../cli/local/engine-choice.ts";
import { localEngine } from "../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../cli/local/place.ts";
import { findCli } from "../../cli/pulumi-cli.ts";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "7" } },
});
const rounds = Number(flags.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a whole number, not ${flags.rounds}`);

const HEALTHY_WITHIN_MS = 60_000;
const KINDS = {
  weight: ["up", "--yes", "--skip-preview"],
  noChange: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as readonly Kind[];

interface Times {
  readonly seconds: number;
  readonly programSeconds: number;
}

/** One engine, on a stack with a healthy model on each slot. */
interface Bench {
  readonly name: string;
  readonly place: LocalPlace;
  run(args: readonly string[]): Promise<Times>;
  readonly cloud: CloudProcess;
  readonly times: Record<Kind, Times[]>;
}

const root = localPlace().root;
const cli = await findCli(root, process.env);
if (cli === undefined) process.stderr.write("no Pulumi CLI on PATH: only the embedded engine is measured\n");
const benches: Bench[] = [];
try {
  await open("embedded");
  if (cli !== undefined) await open("cli");
  for (let round = 0; round <= rounds; round += 1) {
    // The first round fills caches and does not count.
    for (const bench of benches) await measure(bench, round, round > 0);
  }
  report();
} finally {
  for (const { cloud, place } of benches) {
    await cloud.stop();
    await rm(place.directory, { recursive: true, force: true });
  }
}

/** Adds the engine to the benches as soon as there is something to stop. */
async function open(kind: "embedded" | "cli"): Promise<void> {
  const place = { root, directory: join(root, ".local", `bench-engine-${kind}`) };
  await rm(place.directory, { recursive: true, force: true });
  process.env["BLUEGREEN_ENGINE"] = kind;
  const cloud = await startCloudProcess(place, 60);
  const times = { weight: [], noChange: [], preview: [] };
  const bench = { name: nameOf(cloud.endpoint.engine), place, run: runner(place, cloud), cloud, times };
  benches.push(bench);
  for (const [slot, image] of [
    ["blue", "digits:1"],
    ["green", "digits:2"],
  ] as const) {
    await bench.run(["config", "set", "--path", `${slot}.image`, image]);
    await bench.run(["config", "set", "--path", `${slot}.modelVersion`, "1"]);
    await bench.run(["config", "set", "--path", `${slot}.minTasks`, "1"]);
  }
  await bench.run(KINDS.weight);
  await greenIsHealthy(place, cloud);
}

/** The route gives no users to a slot without a healthy target. */
async function greenIsHealthy(place: LocalPlace, { endpoint }: CloudProcess): Promise<void> {
  const engine = await localEngine(place, endpoint);
  const { stdout } = await engine.runPulumi(["stack", "output", "--json"], { cwd: place.directory });
  const groupArn: string = JSON.parse(stdout).slots.green.targetGroupArn;
  const credentials = localCredentials(endpoint);
  const { health } = awsPorts({ region: endpoint.region, endpoint: endpoint.url, credentials });
  const untilMs = performance.now() + HEALTHY_WITHIN_MS;
  while ((await health.targets(groupArn)).healthy === 0)
    if (performance.now() > untilMs) throw new Error("green got no healthy target within a minute");
}

/** As typed: the embedded engine through `bluegreen pulumi`, the CLI itself. */
function runner(place: LocalPlace, { endpoint }: CloudProcess): Bench["run"] {
  const report = join(place.directory, "program-times");
  const env = {
    ...process.env,
    BLUEGREEN_LOCAL_DIRECTORY: place.directory,
    BENCH_PROGRAM_TIMES: report,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, "support", "program-time.ts")}`,
  };
  return async (args) => {
    await writeFile(report, "");
    const startedMs = performance.now();
    if (endpoint.engine.kind === "cli") {
      const engine = await localEngine(place, endpoint);
      const { code, stdout, stderr } = await engine.runPulumi([...args], { cwd: place.directory, env });
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${stdout}${stderr}`);
    } else {
      const words = [join(root, "cli", "main.ts"), "pulumi", ...args];
      const child = spawn(process.execPath, words, {
        cwd: root,
        env,
        stdio: ["ignore", "ignore", "inherit"],
      });
      const [code] = await once(child, "close");
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${String(code)}`);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    const programs = (await readFile(report, "utf8")).split("\n").filter((line) => line !== "");
    return { seconds, programSeconds: programs.reduce((sum, line) => sum + Number(line), 0) };
  };
}

async function measure(bench: Bench, round: number, counts: boolean): Promise<void> {
  await bench.run(["config", "set", "greenWeight", String(round % 2 === 0 ? 10 : 20)]);
  for (const kind of kinds) {
    const times = await bench.run(KINDS[kind]);
    if (counts) bench.times[kind].push(times);
  }
}

function report(): void {
  const engines = benches.map(({ name, times }) => ({
    engine: name,
    ...mapKinds((kind) => medians(times[kind])),
  }));
  const [embedded, other] = engines;
  const ratio =
    embedded && other && mapKinds((kind) => rounded(embedded[kind].seconds / other[kind].seconds));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ rounds, engines, ratioToCli: ratio ?? null })}\n`);
    return;
  }
  for (const { engine, ...figures } of engines)
    for (const kind of kinds) {
      const { seconds, programSeconds } = figures[kind];
      const engineSeconds = rounded(seconds - programSeconds);
      process.stdout.write(
        `${engine}, ${kind}: ${seconds} s (program ${programSeconds}, engine ${engineSeconds})\n`,
      );
    }
  if (ratio !== undefined) process.stdout.write(`embedded to CLI: ${JSON.stringify(ratio)}\n`);
}

function mapKinds<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return { weight: make("weight"), noChange: make("noChange"), preview: make("preview") };
}

function medians(times: readonly Times[]): Times {
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    seconds: rounded(median(times.map(({ seconds }) => seconds))),
    programSeconds: rounded(median(times.map(({ programSeconds }) => programSeconds))),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
