/**
 * `npm run bench:isolated`: how often the pre-traffic tests stop a good candidate (digits:2 beside digits:1). Complete
 * runs while all cores are kept busy, and replays: the latencies of some such runs, drawn anew and judged again.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCloudProcess } from "../../cli/demo/cloud-process.ts";
import { contextOf } from "../../cli/flow.ts";
import { localTarget } from "../../cli/stack-target.ts";
import { localEngine } from "../../cli/local/engine.ts";
import { localPlace } from "../../cli/local/place.ts";
import { testTools } from "../../validation/adapters/test-route.ts";
import { deploy } from "../../validation/deploy/deploy.ts";
import { outcomeOf } from "../../validation/suite/check.ts";
import { judge } from "../../validation/suite/judge.ts";
import { listOf } from "../../validation/suite/many/many.ts";
import type { Pair } from "../../validation/suite/measure.ts";
import { examine, testCandidate, type Examined } from "../../validation/suite/test-candidate.ts";

const RECORDINGS = 5;
const REPLAYS_EACH = 200;
const REPLAYS = RECORDINGS * REPLAYS_EACH;
const SEED = 20_260_101;
const REST = { minTasks: undefined, maxTasks: undefined, overrides: {} };
const OPTIONS = { golden: undefined };

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    /** Processes that do nothing but keep a core busy; 0 on a machine that is loaded already. */
    burners: { type: "string", default: String(availableParallelism()) },
    candidate: { type: "string", default: "digits:2" },
    version: { type: "string", default: "2" },
  },
});
const runs = wholeNumber("runs", 1);
const burnerCount = wholeNumber("burners", 0);

const root = localPlace().root;
const place = { root, directory: join(root, ".local", "bench-isolated") };
await rm(place.directory, { recursive: true, force: true });
const cloud = await startCloudProcess(place, 60);
const burners: ChildProcess[] = [];
try {
  const target = await localTarget(place, cloud.endpoint);
  const context = await contextOf(target, place, { report: () => {} });
  const engine = await localEngine(place, cloud.endpoint);
  const up = await engine.runPulumi(["up", "--yes", "--skip-preview"], { cwd: place.directory });
  if (up.code !== 0) throw new Error(up.stdout + up.stderr);
  await deploy(context, { image: "digits:1", modelVersion: "1", ...REST });
  await deploy(context, { image: flags.candidate, modelVersion: flags.version, ...REST });

  for (let core = 0; core < burnerCount; core += 1) {
    burners.push(spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  }
  const tools = testTools(root, console.error);
  const complete = [];
  for (let run = 0; run < runs; run += 1) {
    const startMs = performance.now();
    const { outcome, sentence } = await testCandidate(context, tools, OPTIONS);
    const seconds = rounded((performance.now() - startMs) / 1000);
    if (!flags.json) console.error(`${run + 1}: ${outcome} in ${seconds} s: ${sentence}`);
    complete.push({ outcome, seconds });
  }
  const deployed = await context.store.deployed();
  if (deployed === undefined) throw new Error("the stack is gone");
  const recorded: Examined[] = [];
  for (let run = 0; run < RECORDINGS; run += 1) {
    recorded.push(await examine(context, deployed, tools, OPTIONS));
  }
  const passed = complete.filter(({ outcome }) => outcome === "passed").length;
  const replays = replay(recorded);
  const result = { runs, passed, replays: REPLAYS, ...replays, seed: SEED, complete };
  console.log(
    flags.json
      ? JSON.stringify(result)
      : `${passed} of ${runs} runs passed; of ${REPLAYS} replays ${replays.failed} failed, ${replays.insufficient} were insufficient`,
  );
} finally {
  for (const burner of burners) {
    const gone = once(burner, "exit");
    burner.kill("SIGKILL");
    await gone;
  }
  await cloud.stop();
  await rm(place.directory, { recursive: true, force: true });
}

/** Each replay keeps what was answered, and draws how long it took from the pairs of its recording. */
function replay(recorded: readonly Examined[]) {
  const random = randomFrom(SEED);
  const outcomes = recorded.flatMap(({ subject, judged, ...examined }) => {
    const pairs = listOf(examined.pairs);
    return Array.from({ length: REPLAYS_EACH }, () => {
      const drawn = pairs.map((pair) => timedAs(pair, pairs[Math.floor(random() * pairs.length)] ?? pair));
      return outcomeOf(judge(drawn, subject.policy, judged));
    });
  });
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
  return { failed: count("failed"), insufficient: count("insufficient") };
}

function timedAs({ candidate, active }: Pair, timed: Pair): Pair {
  return {
    candidate: { ...candidate, seconds: timed.candidate.seconds },
    active: active && { ...active, seconds: timed.active?.seconds ?? active.seconds },
  };
}

/** mulberry32: 0 to 1, the same sequence for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function wholeNumber(flag: "runs" | "burners", min: number): number {
  const value = Number(flags[flag]);
  if (Number.isInteger(value) && value >= min) return value;
  throw new Error(`--${flag} takes a whole number from ${min}`);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
