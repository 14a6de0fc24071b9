import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startCloudProcess, type CloudProcess } from "../../cli/demo/cloud-process.ts";
import { writeEndpoint } from "../../cli/local/endpoint.ts";
import { localPlace, type LocalPlace } from "../../cli/local/place.ts";
import { outputsOfModel } from "../../contract/names/model-outputs.ts";
import { parseOutputs, type StackOutputs } from "../../contract/names/outputs.ts";
import { localClock } from "../../validation/adapters/clock.ts";
import type { Clock } from "../../validation/ports.ts";
import { openGate, type Gate } from "../scenario/support/gate.ts";
import { checkoutOf, MODELS, programWith, SHOP } from "../scenario/support/shop.ts";
import { startVerb, type Ran, type RunningVerb } from "../scenario/support/verb.ts";
import { CLOUD_FLAGS, CONFIG, FIRST, TASKS } from "./config.ts";
import { imageOf, releaseOf } from "./plan/releases.ts";

/** Two models in one stack on the local cloud, in a checkout of their own, so that edits here change nothing there. */
export interface Stand {
  readonly place: LocalPlace;
  readonly gate: Gate;
  clock(): Clock;
  cloudPid(): number;
  start(...args: string[]): RunningVerb;
  /** What a verb says with `--json`, and how it ended; of one that was killed `exitCode` is undefined. */
  says(verb: RunningVerb): Promise<Said>;
  outputs(model: string): Promise<StackOutputs>;
  /** SIGKILL, and started anew with these flags on the port that it had. */
  restartCloud(flags: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface Said {
  readonly exitCode: number | undefined;
  readonly json: Readonly<Record<string, unknown>>;
  readonly stderr: string;
}

/** More releases of one model than a week has. */
const CATALOG = 1_000;

/** `root`: of a stand that was here before; undefined: a new one. */
export async function openStand(speed: number, seed: number, root: string | undefined): Promise<Stand> {
  const own = root ?? (await newCheckout(seed));
  const place: LocalPlace = { root: own, directory: join(own, ".local") };
  let cloud = await startCloudProcess(place, speed, CLOUD_FLAGS);
  let clock = await localClock(cloud.endpoint.url);
  const gate = await openGate(cloud.endpoint);
  const throughGate = async ({ endpoint }: CloudProcess) =>
    writeEndpoint(place, { ...endpoint, url: gate.url });
  await throughGate(cloud);
  const verbs = new Set<RunningVerb>();
  const start = (...args: string[]) => {
    const verb = startVerb(place, args);
    verbs.add(verb);
    void verb.ended.finally(() => verbs.delete(verb)).catch(() => {});
    return verb;
  };
  const stand: Stand = {
    place,
    gate,
    start,
    clock: () => clock,
    cloudPid: () => cloud.endpoint.pid,
    says: async (verb) => said(await verb.ended),
    async outputs(model) {
      const ran = await start("pulumi", "stack", "output", "--json", "--show-secrets").ended;
      const found = parseOutputs(outputsOfModel(JSON.parse(ran.stdout), model, SHOP));
      if (found === undefined) throw new Error(`no outputs of ${model}: ${ran.stdout}${ran.stderr}`);
      return found;
    },
    async restartCloud(flags) {
      const { url, pid } = cloud.endpoint;
      process.kill(pid, "SIGKILL");
      await cloud.exited;
      cloud = await startCloudProcess(place, speed, [...flags, "--port", new URL(url).port]);
      clock = await localClock(url);
      await throughGate(cloud);
    },
    async close() {
      for (const verb of verbs) verb.sweep();
      await cloud.stop();
      await gate.close();
    },
  };
  if (root === undefined) await comeUp(stand);
  return stand;
}

async function comeUp(stand: Stand): Promise<void> {
  // By `deploy`, so that the first model is told its slot, by which its metrics are counted (contract/config/told.ts).
  const deploy = ["deploy", `soak:${FIRST}`, "--model-version", FIRST, "--min-tasks", String(TASKS)];
  const first = MODELS.map((model) => [...deploy, "--model", model]);
  for (const args of [["pulumi", "up", "--yes", "--skip-preview"], ...first]) {
    const { exitCode, stdout, stderr } = await stand.start(...args).ended;
    if (exitCode === 0) continue;
    await stand.close();
    await rm(stand.place.root, { recursive: true, force: true });
    throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
  }
}

function said({ exitCode, stdout, stderr }: Ran): Said {
  const last = stdout.trim().split("\n").at(-1) ?? "";
  // The verb's own text; of one that was killed there may be nothing, or a part.
  const json: unknown = last.startsWith("{") && last.endsWith("}") ? JSON.parse(last) : {};
  return { exitCode, json: json as Readonly<Record<string, unknown>>, stderr };
}

async function newCheckout(seed: number): Promise<string> {
  const root = await checkoutOf(localPlace().root);
  await mkdir(join(root, "test", "soak"), { recursive: true });
  await cp(join(import.meta.dirname, "model.ts"), join(root, "test", "soak", "model.ts"));
  await writeFile(join(root, "infra", "index.ts"), programWith("{}", MODELS));
  const images = MODELS.flatMap((model) =>
    Array.from({ length: CATALOG }, (_, index) => releaseOf(seed, model, index)).map((release) => {
      const { version, kind, part, after } = release;
      const description = `${kind} ${part} from ${after} on`;
      return [`soak:${version}`, { command: imageOf(release), description }] as const;
    }),
  );
  const first = { command: ["node", "test/soak/model.ts", `--version=${FIRST}`], description: "the first" };
  const catalog = { images: { [`soak:${FIRST}`]: first, ...Object.fromEntries(images) } };
  await writeFile(join(root, "images.local.json"), JSON.stringify(catalog));
  const directory = join(root, ".local");
  await mkdir(directory);
  await writeFile(join(directory, "Pulumi.local.yaml"), JSON.stringify({ config: CONFIG }));
  return root;
}
