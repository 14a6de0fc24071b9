import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { agentCommand } from "../../../agent/bundle.ts";
import { freePort } from "../../../test/support/free-port.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { randomOf } from "../../../validation/core/planning/random.ts";

/** Users' requests beside a shadow: each way to the same model has as many of them, in turn. */
export interface UsersBeside {
  readonly requests: number;
  readonly usersFailed: number;
  /** By which the median of an answer is later through the agent with its shadow than straight from the model. */
  readonly addedP50Ms: number;
  /** The same through the agent alone: what is left is the shadow's. */
  readonly addedP50MsWithoutShadow: number;
  readonly p50Ms: Readonly<Record<Way, number>>;
  readonly p99Ms: Readonly<Record<Way, number>>;
  /** What the agent counted: a bench without a shadow would add nothing either. */
  readonly shadow: Readonly<Record<string, number>>;
}

const WAYS = ["straight", "agent", "shadow"] as const;
type Way = (typeof WAYS)[number];

const root = join(import.meta.dirname, "..", "..", "..");
/** So many requests go one way before the next has its turn: the shadow of one is not to burden another. */
const TURN = 20;
/** Percent of the requests, as in the example. */
const SAMPLE = 20;
const WARM_UP = 200;

export async function usersBeside(requests: number): Promise<UsersBeside> {
  const running: ChildProcess[] = [];
  const started = (command: readonly string[], env: Readonly<Record<string, string>>) => {
    const [file = "", ...args] = command;
    const child = spawn(file, args, { cwd: root, env: { PATH: process.env["PATH"], ...env }, stdio: "pipe" });
    child.stderr?.pipe(process.stderr);
    running.push(child);
    return child;
  };
  try {
    const [model, candidate, plain, shadowing] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const service = [process.execPath, "examples/digits/service.ts", "--model=2"];
    started(service, { PORT: String(model) });
    started([...service, "--version=3"], { PORT: String(candidate) });
    const told = { STACK: "bench/shadow", SLOT: "blue", MODEL_VERSION: "2", RELEASE: "v2-g1" };
    const common = { model: { port: model }, front: {} };
    const [, ...program] = agentCommand();
    const agent = [process.execPath, ...program];
    started(agent, { ...told, AGENT: JSON.stringify({ ...common, listen: plain }) });
    const shadow = { url: `http://127.0.0.1:${candidate}`, sample: SAMPLE, paths: ["/predict"] };
    const front = started(agent, {
      ...told,
      AGENT: JSON.stringify({ ...common, listen: shadowing, shadow, everySeconds: 1 }),
    });
    const lines = linesOf(front);
    const ports: Readonly<Record<Way, number>> = { straight: model, agent: plain, shadow: shadowing };
    for (const port of [candidate, ...Object.values(ports)]) await answering(port);
    const seen = await inTurns(ports, requests);
    front.kill("SIGTERM");
    await lines.ended;
    return { requests, ...seen, shadow: totals(lines.all) };
  } finally {
    for (const child of running) child.kill();
  }
}

interface Answered {
  readonly ms: number;
  readonly isRight: boolean;
}

async function inTurns(ports: Readonly<Record<Way, number>>, requests: number) {
  const bodies = readFileSync(join(root, "examples", "digits", "golden.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const example: unknown = JSON.parse(line);
      return JSON.stringify({ features: isRecord(example) ? example["features"] : undefined });
    });
  const keepAlive = { straight: pool(), agent: pool(), shadow: pool() };
  const bodyAt = (at: number) => bodies[at % bodies.length] ?? "";
  const right = new Map<string, string>();
  for (let at = 0; at < bodies.length; at += 1) {
    right.set(bodyAt(at), (await post(ports.straight, bodyAt(at), keepAlive.straight)).text);
  }
  const answers: Record<Way, Answered[]> = { straight: [], agent: [], shadow: [] };
  const random = randomOf(7);
  const one = async (way: Way, at: number, isKept: boolean) => {
    const body = bodyAt(at);
    const { ms, text } = await post(ports[way], body, keepAlive[way]);
    if (isKept) answers[way].push({ ms, isRight: text === right.get(body) });
  };
  for (let turn = 0; turn < (WARM_UP + requests) / TURN; turn += 1) {
    const order = WAYS.map((way) => ({ way, at: random() })).toSorted((a, b) => a.at - b.at);
    for (const { way } of order) {
      // One user after the other: on a machine that has other work, whoever waits between two requests measures how
      // long its scheduler takes to wake three processes up (seen: 61 ms, 28 of them without a shadow, at a load of 29).
      for (let nth = 0; nth < TURN; nth += 1) await one(way, turn * TURN + nth, turn >= WARM_UP / TURN);
    }
  }
  for (const agent of Object.values(keepAlive)) agent.destroy();
  const of = (q: number) => {
    const at = (way: Way) =>
      quantile(
        answers[way].map(({ ms }) => ms),
        q,
      );
    return { straight: at("straight"), agent: at("agent"), shadow: at("shadow") };
  };
  const p50Ms = of(0.5);
  return {
    usersFailed: answers.shadow.filter(({ isRight }) => !isRight).length,
    addedP50Ms: rounded(p50Ms.shadow - p50Ms.straight),
    addedP50MsWithoutShadow: rounded(p50Ms.agent - p50Ms.straight),
    p50Ms,
    p99Ms: of(0.99),
  };
}

const pool = () => new Agent({ keepAlive: true });

/** Empty where there was no whole answer of 200. */
function post(
  port: number,
  body: string,
  agent: Agent,
): Promise<{ readonly ms: number; readonly text: string }> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    const ended = (text: string) => resolve({ ms: performance.now() - startMs, text });
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asked = request(
      { host: "127.0.0.1", port, path: "/predict", method: "POST", agent, headers },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => {
          text += piece;
        });
        answer.on("error", () => ended(""));
        answer.on("end", () => ended(answer.statusCode === 200 ? text : ""));
      },
    );
    asked.on("error", () => ended(""));
    asked.end(body);
  });
}

async function answering(port: number): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    const reply = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (reply?.ok === true) return;
    await delay(100);
  }
  throw new Error(`nobody answers at port ${port} after 20 s`);
}

function linesOf(child: ChildProcess) {
  const all: string[] = [];
  let rest = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (text: string) => {
    const parts = `${rest}${text}`.split("\n");
    rest = parts.pop() ?? "";
    all.push(...parts);
  });
  return { all, ended: new Promise<void>((ended) => child.once("close", () => ended())) };
}

/** The sums of what the agent counted of its shadow. */
function totals(lines: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const line of lines.filter((one) => one.startsWith("{"))) {
    const read: unknown = JSON.parse(line);
    for (const [name, value] of Object.entries(isRecord(read) ? read : {})) {
      if (name.startsWith("Shadow") && typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}

const rounded = (ms: number) => Number(ms.toFixed(3));

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0);
}
