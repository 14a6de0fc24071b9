/**
 * `npm run bench:agent`: what a request takes more through the agent than straight to the model, in pairs, one after
 * the other on a connection each, in changing order; then the same with capture and with shadow at 20 % beside it,
 * where the agent asks two more times for each fifth request. The agent runs as the command of its container.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startAgentProcess, type AgentProcess } from "../../test/support/agent-process.ts";

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, requests: { type: "string", default: "10000" } },
});
const requests = Number(flags.requests);
if (!(requests >= 100)) throw new Error("--requests takes 100 or more");

const BODY = JSON.stringify({
  inputs: [{ name: "x", shape: [1, 64], datatype: "FP32", data: Array.from({ length: 64 }, () => 0.5) }],
});
const WARM_UP = 500;

interface Program {
  readonly port: number;
  stop(): Promise<void>;
}

const programs: Program[] = [];
try {
  const [model, candidate] = [await startModel(), await startModel()];
  const shadow = { url: `http://127.0.0.1:${candidate.port}`, sample: 20, paths: ["/v2/*"], queue: 1000 };
  const plain = await measure(model.port, { front: { user: { header: "x-user" } } });
  const captured = await measure(model.port, { front: {}, capture: { sample: 100 } });
  const shadowed = await measure(model.port, { front: {}, shadow });
  const { total } = shadowed.agent;
  const result = {
    requests,
    ...plain.times,
    capture: captured.times,
    shadow: {
      ...shadowed.times,
      sampled: total("ShadowSampled"),
      dropped: total("ShadowDropped"),
      pairs: total("ShadowPairs"),
      disagreed: total("ShadowDisagreed"),
    },
  };
  if (flags.json) console.log(JSON.stringify(result));
  else report(result);
} finally {
  for (const program of programs.toReversed()) await program.stop();
}

interface Times {
  readonly straight: Quantiles;
  readonly through: Quantiles;
  /** Medians and 99th percentiles of all, the one less the other. */
  readonly addedP50Ms: number;
  readonly addedP99Ms: number;
  readonly ratioP50: number;
  readonly failed: number;
}

interface Measured {
  readonly times: Times;
  /** It has ended: all of its lines are there. */
  readonly agent: AgentProcess;
}

async function measure(modelPort: number, settings: Readonly<Record<string, unknown>>): Promise<Measured> {
  const agent = await startAgent(modelPort, settings);
  const ways = [client(modelPort), client(agent.port)] as const;
  for (let at = 0; at < WARM_UP; at += 1) for (const way of ways) await way();
  const timesMs: [number[], number[]] = [[], []];
  let failed = 0;
  for (let at = 0; at < requests; at += 1) {
    for (const which of at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const startedMs = performance.now();
      const isGood = await ways[which]();
      timesMs[which].push(performance.now() - startedMs);
      if (!isGood && which === 1) failed += 1;
    }
  }
  await agent.stop();
  const [straight, through] = [quantiles(timesMs[0]), quantiles(timesMs[1])];
  const times = {
    straight,
    through,
    addedP50Ms: rounded(through.p50Ms - straight.p50Ms),
    addedP99Ms: rounded(through.p99Ms - straight.p99Ms),
    ratioP50: rounded(through.p50Ms / straight.p50Ms),
    failed,
  };
  return { times, agent };
}

/** Sends one request on its own connection, and says whether it was answered with 200 and a body. */
function client(port: number): () => Promise<boolean> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { "content-type": "application/json", "content-length": BODY.length, "x-user": "bench" };
  return () =>
    new Promise((resolve) => {
      const options = {
        host: "127.0.0.1",
        port,
        path: "/v2/models/digits/infer",
        method: "POST",
        headers,
        agent,
      };
      const asking = request(options, (answer) => {
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
        });
        answer.on("close", () => resolve(answer.statusCode === 200 && answer.complete && bytes > 0));
      });
      asking.on("error", () => resolve(false));
      asking.end(BODY);
    });
}

async function startModel(): Promise<Program> {
  const words = [join(import.meta.dirname, "agent", "model-process.ts")];
  const child = spawn(process.execPath, words, { env: {}, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const [firstLine] = await once(child.stdout, "data");
  return kept({ port: Number(String(firstLine)), stop });
}

async function startAgent(modelPort: number, settings: Readonly<Record<string, unknown>>) {
  return kept(await startAgentProcess(modelPort, settings));
}

function kept<P extends Program>(program: P): P {
  programs.push(program);
  return program;
}

interface Quantiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function quantiles(timesMs: readonly number[]): Quantiles {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (part: number) => rounded(sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN);
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function report(result: Times & { readonly capture: Times; readonly shadow: Times }): void {
  for (const [name, { straight, through, addedP50Ms, addedP99Ms, failed }] of [
    ["front", result],
    ["front, capture 100 %", result.capture],
    ["front, shadow 20 %", result.shadow],
  ] as const) {
    console.log(
      `${name}: p50 ${straight.p50Ms} → ${through.p50Ms} ms (+${addedP50Ms}), p99 ${straight.p99Ms} → ${through.p99Ms} ms (+${addedP99Ms}), failed ${failed} of ${requests}`,
    );
  }
}
