import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloudProcess } from "../../../cli/demo/cloud-process.ts";
import { localEngine } from "../../../cli/local/engine.ts";
import { localPlace, writeEndpoint, type LocalPlace } from "../../../cli/local/place.ts";
import { openCloudReader, type CloudReader } from "./cloud-reader.ts";
import { openGate, type Gate } from "./gate.ts";
import { isRunning, startVerb, type Ran, type RunningVerb } from "./verb.ts";
import { startUsers, type Users } from "./users.ts";

export interface Given {
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** Keys of the stack's `rollout`, over steps of 50 and 100 percent without a bake of their own. */
  readonly rollout?: Readonly<Record<string, unknown>>;
  /** What runs on the slots when the stack comes up; blue is active. */
  readonly blue?: Model;
  readonly green?: Model;
}

export interface Model {
  readonly image: string;
  readonly modelVersion: string;
  readonly minTasks?: number;
}

/** A stack on a local cloud of its own, with the verbs of the command line and the eyes of an outsider. */
export interface World {
  readonly speed: number;
  /** `bluegreen <args>` in a process, to its end. */
  run(...args: string[]): Promise<Ran>;
  /** The same, to be watched while it runs. */
  start(...args: string[]): RunningVerb;
  /** `bluegreen pulumi <args>`; throws when it fails. */
  pulumi(...args: string[]): Promise<Ran>;
  deploy(image: string, modelVersion: string, ...flags: string[]): Promise<Verdict>;
  rollout(): Promise<Verdict>;
  revert(...flags: string[]): Promise<Verdict>;
  /** People who ask this often in a minute of the cloud's time, until they leave or the world ends. */
  users(requestsPerVirtualMinute: number): Users;
  /** Puts a gate between the verbs that start from now on and the cloud. */
  gate(): Promise<Gate>;
  /** What a verb that was started with `--json` said at its end. */
  verdictOf(ran: Ran): Verdict;
  readonly see: CloudReader;
  /** Ends everything. Throws when a process outlives its end. */
  close(): Promise<void>;
}

/** What a verb says with `--json`, and how it ended. */
export interface Verdict {
  readonly exitCode: number | undefined;
  readonly sentence: string;
  readonly result?: string;
  readonly slot?: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** Its progress. */
  readonly stderr: string;
}

const POLICY = { steps: [50, 100], bakeMinutes: 0, minRequests: 0, protect: false };
const SERVICE = { cpu: 1024, memory: 2048, startupSeconds: 30, drainSeconds: 10 };

/** Starts a cloud in a temporary directory and brings the stack up on it. */
export async function aStack({ speed, rollout = {}, blue, green }: Given): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-scenario-"));
  const place: LocalPlace = { root: localPlace().root, directory };
  const models = Object.entries({ blue, green }).filter(([, model]) => model !== undefined);
  const config = {
    "ml-blue-green:service": SERVICE,
    "ml-blue-green:rollout": { ...POLICY, ...rollout },
    ...Object.fromEntries(models.map(([slot, model]) => [`ml-blue-green:${slot}`, { minTasks: 1, ...model }])),
  };
  // A person's own stack file: JSON is YAML, and the local cloud adds what is its own.
  await writeFile(join(directory, "Pulumi.local.yaml"), JSON.stringify({ config }));
  const cloud = await startCloudProcess(place, speed);
  const closers: (() => Promise<unknown>)[] = [() => cloud.stop()];
  const verbs: RunningVerb[] = [];

  const start = (...args: string[]) => {
    const verb = startVerb(place, args);
    verbs.push(verb);
    return verb;
  };
  const run = (...args: string[]) => start(...args).ended;
  const verdict = async (...args: string[]): Promise<Verdict> => verdictOf(await run(...args, "--json"));
  const see = openCloudReader(place, cloud.endpoint, await localEngine(place, cloud.endpoint));
  let isUp = false;
  const close = async () => {
    const tasks = isUp ? await see.taskPids() : [];
    for (const closer of closers.toReversed()) await closer();
    see.close();
    const left = [...tasks.filter(isRunning), ...verbs.filter((verb) => verb.isAlive()).map(({ pid }) => pid)];
    for (const verb of verbs) verb.sweep();
    await rm(directory, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`processes were left behind: ${left.join(", ")}`);
  };

  const world: World = {
    speed,
    see,
    start,
    run,
    close,
    verdictOf,
    async pulumi(...args) {
      const ran = await run("pulumi", ...args);
      if (ran.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      return ran;
    },
    deploy: (image, modelVersion, ...flags) =>
      verdict("deploy", image, "--model-version", modelVersion, ...flags),
    rollout: () => verdict("rollout"),
    revert: (...flags) => verdict("revert", ...flags),
    users(requestsPerVirtualMinute) {
      const users = startUsers(place, see.url(), (requestsPerVirtualMinute / 60) * speed);
      closers.push(users.leave);
      return users;
    },
    async gate() {
      const gate = await openGate(cloud.endpoint.url);
      closers.push(gate.close);
      await writeEndpoint(place, { ...cloud.endpoint, url: gate.url });
      return gate;
    },
  };
  try {
    await world.pulumi("up", "--yes", "--skip-preview");
    await see.outputs();
    isUp = true;
  } catch (error) {
    await close();
    throw error;
  }
  return world;
}

/** The one JSON object on standard output. Its shape is what the stories look at. */
function verdictOf({ exitCode, stdout, stderr }: Ran): Verdict {
  try {
    return { ...(JSON.parse(stdout) as Omit<Verdict, "stderr">), exitCode, stderr };
  } catch (error) {
    throw new Error(`no JSON on standard output, exit code ${exitCode}: ${stdout}${stderr}`, { cause: error });
  }
}
