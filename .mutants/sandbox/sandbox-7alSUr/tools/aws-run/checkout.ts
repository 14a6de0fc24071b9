import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCli, runCli, withThisNode } from "../../cli/pulumi-cli.ts";
import type { Shell } from "./perform/context.ts";
import { runName } from "./things.ts";

const root = join(import.meta.dirname, "..", "..");

export interface Checkout {
  /** undefined: there is no Pulumi CLI. */
  readonly shell: Shell | undefined;
  /** Takes the stack's file and the state away; what they tell of is found by its tags. */
  forget(): Promise<void>;
}

/** This checkout, with a stack whose state is in a directory of its own, and whose file is taken away afterwards. */
export async function checkout(
  run: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Checkout> {
  const cli = await findCli(root, environment);
  if (cli === undefined) return { shell: undefined, forget: async () => {} };
  const stack = runName(run);
  const state = await mkdtemp(join(tmpdir(), "bluegreen-aws-"));
  const env = withThisNode({
    ...environment,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "throwaway",
    BLUEGREEN_STACK: stack,
  });
  const fileOf = (name: string) => join(root, `Pulumi.${name}.yaml`);
  return {
    shell: {
      async run(program, args) {
        if (program === "bluegreen") return verb(args, env, signal);
        const { code, stdout, stderr } = await runCli(cli, args, { cwd: root, env, signal });
        return { exitCode: code, stdout, stderr };
      },
      async configure(name, config) {
        const begun = await readFile(fileOf(name), "utf8").catch(() => "");
        // JSON is YAML; `stack init` has written the salt of the secrets.
        await writeFile(fileOf(name), `${begun}config: ${JSON.stringify(config)}\n`);
      },
    },
    async forget() {
      await rm(fileOf(stack), { force: true });
      await rm(state, { recursive: true, force: true });
    },
  };
}

/** A verb of this checkout; an abort is a Ctrl-C, upon which it ends between two writes. */
function verb(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): ReturnType<Shell["run"]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["cli/bluegreen.js", ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const interrupt = () => void child.kill("SIGINT");
    if (signal.aborted) interrupt();
    signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      resolve({ exitCode: code ?? 1, stdout, stderr });
    });
  });
}
