import { spawn } from "node:child_process";
import { once } from "node:events";
import { agentCommand } from "../../agent/bundle.ts";
import { freePort } from "./free-port.ts";

/** The agent in a process of its own, by the command of its container. */
export interface AgentProcess {
  readonly port: number;
  /** What it has written so far. */
  output(): string;
  /** Of a metric, over all lines that it has written. */
  total(name: string): number;
  /** Looks with each of its lines. */
  until(isThere: () => boolean): Promise<void>;
  /** Resolves when it has ended, and has written its last lines. */
  stop(): Promise<void>;
}

/** Starts one before a model; `settings` are those of its variable AGENT. */
export async function startAgentProcess(
  modelPort: number,
  settings: Readonly<Record<string, unknown>>,
): Promise<AgentProcess> {
  const [, ...words] = agentCommand();
  const port = await freePort();
  const AGENT = JSON.stringify({ model: { port: modelPort }, ...settings });
  const env = { AGENT, STACK: "own/agent", SLOT: "blue", MODEL_VERSION: "3", PORT: String(port) };
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child.stdout, "data");
  return {
    port,
    output: () => output,
    total: (name) =>
      [...output.matchAll(new RegExp(`"${name}":(\\d+)`, "g"))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      ),
    async until(isThere) {
      while (!isThere()) await once(child.stdout, "data");
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "close");
    },
  };
}
