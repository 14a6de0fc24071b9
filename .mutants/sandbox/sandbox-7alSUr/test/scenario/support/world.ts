import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCloudProcess } from "../../../cli/demo/cloud-process.ts";
import { localEngine, type LocalEngine } from "../../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../../cli/local/place.ts";
import { writeEndpoint, type Endpoint } from "../../../cli/local/endpoint.ts";
import { findingsOfCall, recordedCalls, RECORDING } from "../../support/aws-models/call-findings.ts";
import { openCloudReader, type CloudReader } from "./cloud-reader.ts";
import { openGate, type Gate } from "./gate.ts";
import { isRunning, startVerb, type Ran, type RunningVerb } from "./verb.ts";
import { ask, startUsers, type Users } from "./users.ts";

export interface Given {
  /** Virtual seconds per real second. */
  readonly speed: number;
  /** Flags of `bluegreen local`. */
  readonly cloud?: readonly string[];
  /** Keys of the stack's `rollout`, over steps of 50 and 100 percent without a bake of their own. */
  readonly rollout?: Readonly<Record<string, unknown>>;
  /** Keys of the stack's `thresholds`, over those of a fast clock. */
  readonly thresholds?: Readonly<Record<string, unknown>>;
  /** Keys of the stack's `service`, over those that suit the model of the examples. */
  readonly service?: Readonly<Record<string, unknown>>;
  /** Keys of the stack's `suite`. */
  readonly suite?: Readonly<Record<string, unknown>>;
  /** Signals of the stack; with them the users' requests have ids, by which they can be labelled. */
  readonly signals?: readonly object[];
  /** What runs on the slots when the stack comes up; blue is active. */
  readonly blue?: Model;
  readonly green?: Model;
  /** Before the program of every verb: what the story loads into its process. */
  readonly nodeArguments?: readonly string[];
}

export interface Model {
  readonly image: string;
  readonly modelVersion: string;
  readonly minTasks?: number;
}

/** A stack on a local cloud of its own, with the verbs of the command line and the eyes of an outsider. */
export interface World {
  /** `bluegreen <args>` in a process, to its end. */
  run(...args: string[]): Promise<Ran>;
  /** The same, to be watched while it runs. */
  start(...args: string[]): RunningVerb;
  /** `bluegreen pulumi <args>`; throws when it fails. */
  pulumi(...args: string[]): Promise<Ran>;
  deploy(image: string, modelVersion: string): Promise<Verdict>;
  /** Pre-traffic tests of the candidate. */
  test(): Promise<Verdict>;
  rollout(...flags: string[]): Promise<Verdict>;
  revert(...flags: string[]): Promise<Verdict>;
  /**
   * People who ask this often in a minute of the cloud's time, until they leave or the world ends; each waits for an
   * answer for so many real seconds, ten by default.
   */
  users(requestsPerVirtualMinute: number, patienceSeconds?: number): Users;
  /** How many of so many requests each version of the model answers; `none`: no model. */
  ask(times: number): Promise<Readonly<Record<string, number>>>;
  /** Where the world stands on disk. */
  readonly place: LocalPlace;
  /** Of the local cloud itself, past every gate. */
  readonly endpoint: Endpoint;
  readonly engine: LocalEngine;
  /** SIGKILL to the local cloud; resolves when it is gone. */
  killCloud(): Promise<void>;
  /** Starts the local cloud again, on the port that it had, as a person does after a crash. */
  restartCloud(): Promise<void>;
  /** Puts a gate between the verbs that start from now on and the cloud. */
  gate(): Promise<Gate>;
  /** What a verb that was started with `--json` said at its end. */
  verdictOf(ran: Ran): Verdict;
  readonly see: CloudReader;
  /** Ends everything. Throws when a process outlives its end, and when a verb has made a call that AWS would refuse. */
  close(): Promise<void>;
}

/** What a verb says with `--json`, and how it ended. */
export interface Verdict {
  readonly exitCode: number | undefined;
  readonly sentence: string;
  readonly result?: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** Its progress. */
  readonly stderr: string;
}

// A fast clock passes the default deadline of an hour while a busy machine runs a few updates.
// However blind a step is, and whatever is proven: the stories that are about the verdict say themselves what it must see.
// The stories are about the rollout; those about the watchdog switch it on.
const POLICY = {
  steps: [50, 100],
  bakeMinutes: 0,
  minRequests: 0,
  deadlineMinutes: 1000,
  maxBlindSpots: [1],
  advanceWhen: "blindSpot",
  metricLagSeconds: 0,
  watchdog: false,
  protect: false,
};
// A rate is judged with five requests a minute already, so that a fast clock needs few real ones.
const THRESHOLDS = { minRequestsPerMinute: 5 };
const SERVICE = { cpu: 1024, memory: 2048, startupSeconds: 30, requestTimeoutSeconds: 10, drainSeconds: 10 };

/** Starts a cloud in a temporary directory and brings the stack up on it. */
export async function aStack(given: Given): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-scenario-"));
  try {
    return await aStackIn(directory, given);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function aStackIn(directory: string, given: Given): Promise<World> {
  const place: LocalPlace = { root: localPlace().root, directory };
  // A person's own stack file: JSON is YAML, and the local cloud adds what is its own.
  await writeFile(join(directory, "Pulumi.local.yaml"), JSON.stringify({ config: configOf(given) }));
  let cloud = await startCloudProcess(place, given.speed, given.cloud);
  const { endpoint } = cloud;
  const engine = await localEngine(place, endpoint);
  const see = openCloudReader(place, endpoint, engine);
  let gateUrl: string | undefined;
  const calls = join(directory, "calls.jsonl");
  const guests: (() => Promise<void>)[] = [];
  const verbs: RunningVerb[] = [];

  const start = (...args: string[]) => {
    const verb = startVerb(place, args, [...RECORDING, ...(given.nodeArguments ?? [])], {
      RECORDED_CALLS: calls,
    });
    verbs.push(verb);
    return verb;
  };
  const run = (...args: string[]) => start(...args).ended;
  const verdict = async (...args: string[]) => verdictOf(await run(...args, "--json"));
  const world: World = {
    see,
    place,
    endpoint,
    engine,
    start,
    run,
    verdictOf,
    async pulumi(...args) {
      const ran = await run("pulumi", ...args);
      if (ran.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
      return ran;
    },
    deploy: (image, version) => verdict("deploy", image, "--model-version", version),
    test: () => verdict("test"),
    rollout: (...flags) => verdict("rollout", ...flags),
    revert: (...flags) => verdict("revert", ...flags),
    users(requestsPerVirtualMinute, patienceSeconds) {
      const perSecond = (requestsPerVirtualMinute / 60) * given.speed;
      const users = startUsers(place, see.url(), perSecond, patienceSeconds, given.signals !== undefined);
      guests.push(users.leave);
      return users;
    },
    ask: (times) => ask(see.url(), times),
    async killCloud() {
      process.kill(cloud.endpoint.pid, "SIGKILL");
      await cloud.exited;
    },
    async restartCloud() {
      const port = ["--port", new URL(endpoint.url).port];
      cloud = await startCloudProcess(place, given.speed, [...(given.cloud ?? []), ...port]);
      if (gateUrl !== undefined) await writeEndpoint(place, { ...cloud.endpoint, url: gateUrl });
    },
    async gate() {
      const gate = await openGate(endpoint);
      guests.push(gate.close);
      gateUrl = gate.url;
      await writeEndpoint(place, { ...endpoint, url: gate.url });
      return gate;
    },
    async close() {
      const left: string[] = [];
      const wrong: string[] = [];
      // A story may end with a stack that is destroyed or broken; its cloud is stopped all the same, and the story
      // itself has looked at the tasks of a stack that is gone.
      const tasks = await see.taskPids().catch(() => []);
      try {
        for (const leave of guests.toReversed()) await leave();
        await cloud.stop();
      } finally {
        see.close();
        left.push(
          ...tasks.filter(isRunning).map((pid) => `task ${pid}`),
          ...verbs.filter(({ isAlive }) => isAlive()).map(({ pid }) => `verb ${pid}`),
        );
        for (const verb of verbs) verb.sweep();
        wrong.push(...recordedCalls(calls).flatMap(findingsOfCall));
        await rm(directory, { recursive: true, force: true });
      }
      if (left.length > 0) throw new Error(`processes were left behind: ${left.join(", ")}`);
      if (wrong.length > 0) throw new Error(`AWS would refuse calls of this story: ${wrong.join("; ")}`);
    },
  };
  try {
    await world.pulumi("up", "--yes", "--skip-preview");
    await see.outputs();
  } catch (error) {
    await world.close();
    throw error;
  }
  return world;
}

/** Configuration of a stack, as a person's stack file has it. */
export function configOf({
  rollout,
  thresholds,
  service,
  suite = {},
  signals,
  blue,
  green,
}: Given): Readonly<Record<string, unknown>> {
  const model = (slot: Model | undefined) => (slot === undefined ? {} : { minTasks: 1, ...slot });
  return {
    service: { ...SERVICE, ...service },
    thresholds: { ...THRESHOLDS, ...thresholds },
    rollout: { ...POLICY, ...rollout },
    suite,
    ...(signals === undefined ? {} : { signals }),
    blue: model(blue),
    green: model(green),
  };
}

/** The one JSON object on standard output. Its shape is what the stories look at. */
function verdictOf({ exitCode, stdout, stderr }: Ran): Verdict {
  try {
    return { ...(JSON.parse(stdout) as Omit<Verdict, "stderr">), exitCode, stderr };
  } catch (error) {
    throw new Error(`no JSON on standard output, exit code ${exitCode}: ${stdout}${stderr}`, {
      cause: error,
    });
  }
}

/** Looks until it is so; the test's own timeout is the bound. */
export async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look()));
}
