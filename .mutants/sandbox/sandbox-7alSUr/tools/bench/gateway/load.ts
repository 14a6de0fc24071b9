import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Pool } from "undici";
import type { Dispatcher } from "undici";

const CONNECTIONS = 32;

export interface Throughput {
  readonly requestsPerSecond: number;
  /** Requests without an answer, or with another status than 2XX. */
  readonly errors: number;
}

/** Drives a port as fast as it answers, over 32 connections. */
export type ClosedLoop = (port: number, seconds: number) => Promise<Throughput>;

export const wrkLoop: ClosedLoop = async (port, seconds) => {
  const child = spawn(
    "wrk",
    ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, `http://127.0.0.1:${port}/predict`],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1];
  if (rate === undefined) throw new Error(`wrk said no rate:\n${output}`);
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output);
  const otherStatus = /Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? "0";
  const errors = [...(socketErrors?.slice(1) ?? []), otherStatus].reduce(
    (sum, count) => sum + Number(count),
    0,
  );
  return { requestsPerSecond: Number(rate), errors };
};

export const ownLoop: ClosedLoop = async (port, seconds) => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  const untilMs = performance.now() + seconds * 1000;
  let answered = 0;
  let errors = 0;
  const client = async () => {
    while (performance.now() < untilMs) {
      if (await send(pool)) answered += 1;
      else errors += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  await pool.close();
  return { requestsPerSecond: answered / seconds, errors };
};

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

/** Sends at a fixed rate, whether or not answers have come (an open loop), and times each request. */
export async function openLoop(port: number, perSecond: number, seconds: number): Promise<Latency> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 128 });
  const total = perSecond * seconds;
  const startMs = performance.now();
  const timesMs: number[] = [];
  const requests: Promise<void>[] = [];
  let errors = 0;
  const one = async () => {
    const sentMs = performance.now();
    if (await send(pool)) timesMs.push(performance.now() - sentMs);
    else errors += 1;
  };
  while (requests.length < total) {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    while (requests.length < Math.min(due, total)) requests.push(one());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(requests);
  await pool.close();
  timesMs.sort((a, b) => a - b);
  const at = (quantile: number) => timesMs[Math.floor(quantile * (timesMs.length - 1))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), errors };
}

/** Whether the answer came whole, with a status of 2XX. */
function send(pool: Pool): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let status = 0;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => {},
    onResponseStart: (_controller, statusCode) => void (status = statusCode),
    onResponseData: () => {},
    onResponseEnd: () => resolve(status >= 200 && status < 300),
    onResponseError: () => resolve(false),
  };
  pool.dispatch({ path: "/predict", method: "GET" }, handler);
  return promise;
}
