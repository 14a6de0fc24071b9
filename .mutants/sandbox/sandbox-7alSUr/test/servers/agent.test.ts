import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";
import { freePort } from "../support/free-port.ts";
import { ROOT, without } from "./support/environments.ts";

const FOLDER = join(ROOT, "test", "servers");
const LONG = 200_000;

interface StartedServer {
  readonly port: number;
  readonly ports: Readonly<Record<string, string>>;
}

/** A server as images.json starts it, once it answers its health path. */
async function startServer(image: string, healthPath: string): Promise<StartedServer> {
  const { images }: { images: Readonly<Record<string, ImageStart>> } = JSON.parse(
    readFileSync(join(FOLDER, "images.json"), "utf8"),
  );
  const start = images[image];
  if (start === undefined) throw new Error(`images.json has no ${image}`);
  const names = ["PORT", ...(start.ports ?? [])];
  const ports = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, String(await freePort())])),
  );
  const filled = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => ports[name] ?? whole);
  const [program = "", ...words] = start.command.map(filled);
  const environment = Object.entries(start.environment ?? {}).map(([name, text]) => [name, filled(text)]);
  const child = spawn(join(FOLDER, program), words, {
    cwd: FOLDER,
    env: { ...process.env, ...Object.fromEntries(environment) },
    stdio: "ignore",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const port = Number(ports["PORT"]);
  await answering(`http://127.0.0.1:${port}${healthPath}`);
  return { port, ports };
}

interface ImageStart {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
}

async function startAgent(modelPort: number, settings: Readonly<Record<string, unknown>>) {
  const agent = await startAgentProcess(modelPort, { everySeconds: 1, ...settings });
  onTestFinished(() => agent.stop());
  return { ...agent, url: `http://127.0.0.1:${agent.port}` };
}

async function answering(url: string): Promise<void> {
  for (;;) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    // The server is another process that tells nobody when it listens.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const post = async (url: string, body: unknown) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
};

describe(`the agent${without(["mlserver"])}`, () => {
  it.skipIf(without(["mlserver"]) !== "")(
    "counts from MLServer's own page what was asked of it, and what it failed",
    async () => {
      const server = await startServer("mlserver:3", "/v2/health/ready");
      const scrape = { preset: "mlserver", port: Number(server.ports["METRICS_PORT"]), everySeconds: 0.5 };
      const agent = await startAgent(server.port, { front: {}, scrape });
      const input = (size: number) => ({
        inputs: [
          { name: "x", shape: [1, size], datatype: "FP32", data: Array.from({ length: size }, () => 0) },
        ],
      });
      await agent.until(() => agent.output().includes("is not counted") || agent.total("ServerRequests") > 0);
      const answers = [];
      for (const size of [64, 64, 64, 2, 64, 2]) {
        answers.push((await post(`${agent.url}/v2/models/digits/infer`, input(size))).status);
      }
      // Two features are not what this model was trained on: its scikit-learn runtime fails.
      expect(answers).toEqual([200, 200, 200, 500, 200, 500]);
      await agent.until(() => agent.total("ServerRequests") >= 6 && agent.total("ServerAnswers") >= 6);
      expect(agent.total("ServerRequests")).toBe(6);
      expect(agent.total("ServerFailures")).toBe(2);
      expect(agent.total("ServerAnswers")).toBe(6);
      expect(agent.total("SlowServerAnswers")).toBe(0);
      expect(agent.total("Answers")).toBe(6);
    },
    LONG,
  );
});

describe(`the agent${without(["litellm"])}`, () => {
  it.skipIf(without(["litellm"]) !== "")(
    "counts LiteLLM's streams as whole, and hands them on as they are",
    async () => {
      const server = await startServer("litellm:1", "/health/liveliness");
      const agent = await startAgent(server.port, { front: {} });
      const body = {
        model: "helper",
        stream: true,
        messages: [{ role: "user", content: "What is the answer?" }],
      };
      const { status, text } = await post(`${agent.url}/v1/chat/completions`, body);
      expect(status).toBe(200);
      expect(text.trimEnd()).toMatch(/data: \[DONE\]$/);
      await agent.until(() => agent.total("Streams") > 0);
      expect(["Streams", "BrokenStreams", "CutStreams", "EmptyStreams"].map(agent.total)).toEqual([
        1, 0, 0, 0,
      ]);
      expect(agent.total("Tokens")).toBeGreaterThan(1);
    },
    LONG,
  );
});
