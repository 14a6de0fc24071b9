import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { onTestFinished } from "vitest";
import { startAgent } from "../../../agent/agent.ts";
import { readSetup } from "../../../agent/config/setup.ts";
import { ManualClock } from "../../support/manual-clock.ts";

export const MINUTE_MS = 60_000;

/** A model of the test's own, on a port of its own. */
export async function startModel(answer: RequestListener, prepare: (server: Server) => void = () => {}) {
  const server = createServer(answer);
  prepare(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { server, port: address.port };
}

/** The agent in this process, at a quarter past a minute. */
export async function startAgentFor(
  modelPort: number,
  settings: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>> = {},
) {
  const clock = new ManualClock(Date.UTC(2026, 0, 1) + MINUTE_MS / 4);
  const lines: string[] = [];
  const AGENT = JSON.stringify({ listen: "PORT", model: { port: modelPort }, ...settings });
  const told = { STACK: "digits-prod", SLOT: "blue", MODEL_VERSION: "7", RELEASE: "r1", PORT: "0" };
  const setup = readSetup({ ...told, AGENT, ...environment });
  const agent = await startAgent(setup, { clock, write: (line) => lines.push(line) });
  onTestFinished(() => agent.stop());
  const parsed = () =>
    lines.filter((line) => line.startsWith("{")).map((line): Record<string, unknown> => JSON.parse(line));
  return {
    agent,
    clock,
    lines,
    port: agent.port ?? 0,
    /** What the lines of the log say once the minute is over; all of them together. */
    countsOfMinute: () => {
      clock.advance(MINUTE_MS);
      return parsed().filter((line) => "_aws" in line);
    },
    predictions: () => parsed().flatMap((line) => ("prediction" in line ? [line["prediction"]] : [])),
    shadows: () => parsed().flatMap((line) => ("shadow" in line ? [line["shadow"]] : [])),
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** The body ended as its headers said. */
  readonly isWhole: boolean;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export function ask(
  port: number,
  path: string,
  { method, headers = {}, body }: Asked = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      path,
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers,
    };
    const asking = request({ ...options, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", () => {});
      answer.on("close", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          rawHeaders: answer.rawHeaders,
          body: Buffer.concat(chunks).toString("utf8"),
          isWhole: answer.complete,
        }),
      );
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/** Waits until something has happened; the test's own bound ends it if it never does. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve));
}
