import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { TEST_KEYS } from "../../support/local-keys.ts";

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const BOUND_MS = 60_000;

/** What boto3 and the AWS CLI must not take from the machine: its accounts, profiles and roles. */
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
  PYTHONDONTWRITEBYTECODE: "1",
};

/** Runs a client to its end, while the local cloud in this process goes on. */
export async function run(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const [program = "", ...args] = command;
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  const child = spawn(program, args, {
    env: { ...Object.fromEntries(inherited), ...ENVIRONMENT, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: BOUND_MS,
  });
  const closed = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await closed;
  return { exitCode, stdout, stderr };
}

/** Whether the client is not on this machine, and what a suite's title then says about it. */
export function absence(probe: readonly string[]): { absent: boolean; why: string } {
  const [program = "", ...args] = probe;
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status === 0) return { absent: false, why: "" };
  const lastLine = stderr?.trimEnd().split("\n").at(-1);
  return {
    absent: true,
    why: ` (skipped: ${program} ${status === null ? "is not here" : `says ${lastLine}`})`,
  };
}
