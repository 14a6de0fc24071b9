import { fork, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { ANSWER } from "./answer.ts";
import type { BalancerMessage } from "./balancer-process.ts";
import { freePort } from "../../../test/support/free-port.ts";

const STARTS_WITHIN_MS = 10_000;

/** A process of the benchmark that answers HTTP on 127.0.0.1. */
export interface Served {
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

export interface Balancer extends Served {
  readonly port: number;
  /** Resident bytes after a garbage collection. */
  rssBytes(): Promise<number>;
}

export function isInstalled(command: string): boolean {
  return spawnSync(command, ["-v"], { stdio: "ignore" }).error === undefined;
}

/** Our load balancer in front of two targets; `nodeFlags` as for node, for example `--cpu-prof`. */
export async function startBalancer(
  targetPorts: readonly number[],
  nodeFlags: readonly string[],
): Promise<Balancer> {
  const child = fork(join(import.meta.dirname, "balancer-process.ts"), targetPorts.map(String), {
    execArgv: ["--expose-gc", ...nodeFlags],
  });
  const next = async (): Promise<BalancerMessage> => {
    const [message] = await once(child, "message", { signal: AbortSignal.timeout(STARTS_WITHIN_MS) });
    // Our own process on the other side of the pipe.
    return message as BalancerMessage;
  };
  const started = await next();
  if (started.kind !== "port") throw new Error("the load balancer's process did not say its port");
  return {
    ports: [started.port],
    port: started.port,
    async rssBytes() {
      const answer = next();
      child.send("memory");
      const message = await answer;
      if (message.kind !== "memory") throw new Error("the load balancer's process did not say its memory");
      return message.rssBytes;
    },
    stop: () => ended(child, () => child.disconnect()),
  };
}

/** Two targets in processes of Node, for a machine without nginx. */
export async function startNodeTargets(): Promise<Served> {
  const children = [1, 2].map(() => fork(join(import.meta.dirname, "target-process.ts")));
  const ports = await Promise.all(
    children.map(async (child) => {
      const [message] = await once(child, "message", { signal: AbortSignal.timeout(STARTS_WITHIN_MS) });
      // Our own process on the other side of the pipe.
      return (message as { port: number }).port;
    }),
  );
  return {
    ports,
    stop: async () =>
      void (await Promise.all(children.map((child) => ended(child, () => child.disconnect())))),
  };
}

/** Two targets in one nginx with one worker. */
export async function startNginxTargets(): Promise<Served> {
  const ports = [await freePort(), await freePort()];
  return startNginx(
    ports,
    ports
      .map(
        (port) =>
          `server { listen 127.0.0.1:${port}; location / { default_type application/json; return 200 '${ANSWER}'; } }`,
      )
      .join("\n"),
  );
}

/** nginx with one worker that forwards 9 to 1, over kept connections, with the headers that ours adds. */
export async function startNginxBalancer(targetPorts: readonly number[]): Promise<Served> {
  const [blue, green] = targetPorts;
  const port = await freePort();
  return startNginx(
    [port],
    `upstream targets {
      server 127.0.0.1:${blue} weight=9;
      server 127.0.0.1:${green} weight=1;
      keepalive 64;
      keepalive_requests 1000000000;
    }
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://targets;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Port $server_port;
      }
    }`,
  );
}

async function startNginx(ports: readonly number[], servers: string): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), "bench-gateway-"));
  const bodies = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(directory, name)};`)
    .join(" ");
  const file = join(directory, "nginx.conf");
  await writeFile(
    file,
    `daemon off; worker_processes 1; pid ${join(directory, "pid")}; error_log stderr crit;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 1000000000; ${bodies}
    ${servers} }`,
  );
  const child = spawn("nginx", ["-p", directory, "-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  const stop = async () => {
    await ended(child, () => child.kill("SIGTERM"));
    await rm(directory, { recursive: true, force: true });
  };
  for (const port of ports) {
    if (await answers(port)) continue;
    await stop();
    throw new Error("nginx did not start");
  }
  return { ports, stop };
}

async function answers(port: number): Promise<boolean> {
  const untilMs = performance.now() + STARTS_WITHIN_MS;
  while (performance.now() < untilMs) {
    try {
      const { body } = await request(`http://127.0.0.1:${port}/`);
      await body.dump();
      return true;
    } catch {
      // It does not listen yet; the bound above ends the waiting.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return false;
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  end();
  await exit;
}
