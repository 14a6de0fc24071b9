import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { ROOT, SERVERS_FOLDER } from "./environments.ts";
import { freePort } from "../../support/free-port.ts";

const BIN = join(SERVERS_FOLDER, "mlflow", "bin");
const START_MS = 240_000;

export interface MlflowServer {
  readonly url: string;
  /** What MLflow's own client says after this, as JSON. */
  client(what: "register" | "show"): Promise<unknown>;
  stop(): Promise<void>;
}

/** `mlflow server` as its documents start it, on SQLite and files of its own, in a folder that goes with it. */
export async function startMlflow(): Promise<MlflowServer> {
  const folder = await mkdtemp(join(tmpdir(), "bluegreen-mlflow-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const words = ["server", "--host", "127.0.0.1", "--port", new URL(url).port, "--workers", "1"];
  const kept = [
    "--backend-store-uri",
    "sqlite:///mlflow.db",
    "--artifacts-destination",
    join(folder, "files"),
  ];
  // Its workers are of its own process group, and end with it.
  const child = spawn(join(BIN, "mlflow"), [...words, ...kept], {
    cwd: folder,
    detached: true,
    stdio: "ignore",
    // A registry runs no jobs.
    env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
  });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const untilMs = Date.now() + START_MS;
  while (!(await answers(`${url}/health`))) {
    if (Date.now() > untilMs || child.exitCode !== null) {
      await stop();
      throw new Error(`mlflow server does not answer at ${url}`);
    }
    await delay(500);
  }
  return {
    url,
    async client(what) {
      const script = join(ROOT, "test", "servers", "mlflow", "registry.py");
      const { stdout } = await promisify(execFile)(join(BIN, "python"), [script, what, url], { cwd: folder });
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    },
    stop,
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    // Nobody listens yet: that is what is waited for.
    () => false,
  );
