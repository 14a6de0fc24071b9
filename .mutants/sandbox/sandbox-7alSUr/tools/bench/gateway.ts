/**
 * `npm run bench:gateway`: the local cloud's load balancer beside nginx (when it is installed), on the same cores and
 * in the same run, round by round in turn. Both forward 9 to 1 to two targets; ours also keeps clients by cookie and
 * feeds the metric store.
 */
import { parseArgs } from "node:util";
import { openLoop, ownLoop, wrkLoop } from "./gateway/load.ts";
import type { ClosedLoop, Latency } from "./gateway/load.ts";
import {
  isInstalled,
  startBalancer,
  startNginxBalancer,
  startNginxTargets,
  startNodeTargets,
} from "./gateway/processes.ts";
import type { Balancer, Served } from "./gateway/processes.ts";

const WARM_UP_SECONDS = 3;
const ROUND_SECONDS = 4;
const RATE_PER_SECOND = 500;

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    /** How long the memory is watched under full load; the bar is measured with 5. */
    minutes: { type: "string", default: "0.25" },
    /** Directory for a CPU profile of our process. */
    "cpu-prof": { type: "string" },
  },
});
const rounds = Number(flags.rounds);
const minutes = Number(flags.minutes);
if (!(rounds >= 1 && minutes > 0)) throw new Error("--rounds takes 1 or more, --minutes more than 0");

const hasNginx = isInstalled("nginx");
const hasWrk = isInstalled("wrk");
const closedLoop = hasWrk ? wrkLoop : ownLoop;
const profile = flags["cpu-prof"] === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${flags["cpu-prof"]}`];
const started: Served[] = [];
try {
  const targets = await kept(hasNginx ? startNginxTargets() : startNodeTargets());
  const nginx = hasNginx ? await kept(startNginxBalancer(targets.ports)) : undefined;
  const balancer = await kept(startBalancer(targets.ports, profile));
  const nginxPort = nginx?.ports[0];
  const throughput = await measureThroughput(closedLoop, balancer.port, nginxPort);
  const latency = await measureLatency(targets.ports[0] ?? 0, balancer.port, nginxPort);
  const memory = await watchMemory(closedLoop, balancer);
  report({
    ...throughput,
    ...latency,
    errors: throughput.errors + latency.errors + memory.errors,
    rssGrowth: memory.rssGrowth,
    load: hasWrk ? "wrk" : "own",
    rounds,
    minutes,
  });
} finally {
  for (const served of started.toReversed()) await served.stop();
}

/** So that it is ended, whatever else fails to start. */
async function kept<T extends Served>(starting: Promise<T>): Promise<T> {
  const served = await starting;
  started.push(served);
  return served;
}

/** Medians over the rounds; the ratio is the median of the rounds' own ratios. */
async function measureThroughput(loop: ClosedLoop, ours: number, theirs: number | undefined) {
  const rates: number[] = [];
  const nginxRates: number[] = [];
  let errors = 0;
  for (const port of [ours, theirs]) if (port !== undefined) await loop(port, WARM_UP_SECONDS);
  for (let round = 0; round < rounds; round += 1) {
    const result = await loop(ours, ROUND_SECONDS);
    rates.push(result.requestsPerSecond);
    errors += result.errors;
    if (theirs !== undefined) nginxRates.push((await loop(theirs, ROUND_SECONDS)).requestsPerSecond);
  }
  const ratios = nginxRates.map((rate, round) => (rates[round] ?? Number.NaN) / rate);
  return {
    requestsPerSecond: Math.round(median(rates)),
    nginxRequestsPerSecond: theirs === undefined ? null : Math.round(median(nginxRates)),
    ratioToNginx: theirs === undefined ? null : rounded(median(ratios)),
    errors,
  };
}

/** What a request takes more through the load balancer than straight to the target, at a fixed rate. */
async function measureLatency(direct: number, ours: number, theirs: number | undefined) {
  const added: Latency[] = [];
  const addedByNginx: Latency[] = [];
  let errors = 0;
  for (let round = 0; round < rounds; round += 1) {
    const straight = await openLoop(direct, RATE_PER_SECOND, ROUND_SECONDS);
    const through = await openLoop(ours, RATE_PER_SECOND, ROUND_SECONDS);
    errors += through.errors;
    added.push(difference(through, straight));
    if (theirs !== undefined)
      addedByNginx.push(difference(await openLoop(theirs, RATE_PER_SECOND, ROUND_SECONDS), straight));
  }
  return {
    addedP50Ms: rounded(median(added.map(({ p50Ms }) => p50Ms))),
    addedP99Ms: rounded(median(added.map(({ p99Ms }) => p99Ms))),
    nginxAddedP50Ms: theirs === undefined ? null : rounded(median(addedByNginx.map(({ p50Ms }) => p50Ms))),
    errors,
  };
}

/** Growth of the resident memory under full load, as a fraction of what it was after the warm-up. */
async function watchMemory(loop: ClosedLoop, { port, rssBytes }: Balancer) {
  await loop(port, WARM_UP_SECONDS);
  const beforeBytes = await rssBytes();
  const { errors } = await loop(port, Math.round(minutes * 60));
  return { rssGrowth: rounded((await rssBytes()) / beforeBytes - 1), errors };
}

function report(result: {
  requestsPerSecond: number;
  nginxRequestsPerSecond: number | null;
  ratioToNginx: number | null;
  addedP50Ms: number;
  addedP99Ms: number;
  nginxAddedP50Ms: number | null;
  errors: number;
  rssGrowth: number;
  load: "wrk" | "own";
  rounds: number;
  minutes: number;
}): void {
  if (flags.json) {
    console.log(JSON.stringify(result));
    return;
  }
  const beside = hasNginx
    ? `${result.ratioToNginx} of nginx (${result.nginxRequestsPerSecond}/s)`
    : "nginx is not installed: no ratio";
  console.log(`load from ${result.load === "wrk" ? "wrk" : "our own loop (wrk is not installed)"}`);
  console.log(`requests   ${result.requestsPerSecond}/s, ${beside}`);
  console.log(
    `added      p50 ${result.addedP50Ms} ms, p99 ${result.addedP99Ms} ms at ${RATE_PER_SECOND}/s` +
      (hasNginx ? ` (nginx p50 ${result.nginxAddedP50Ms} ms)` : ""),
  );
  console.log(
    `memory     ${(result.rssGrowth * 100).toFixed(1)} % growth in ${result.minutes} min of full load`,
  );
  console.log(`errors     ${result.errors}`);
}

function difference(through: Latency, straight: Latency): Latency {
  return {
    p50Ms: through.p50Ms - straight.p50Ms,
    p99Ms: through.p99Ms - straight.p99Ms,
    errors: through.errors,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("nothing was measured");
  return (low + high) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
