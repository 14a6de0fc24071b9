import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseOutputs, type StackOutputs } from "../../../contract/outputs.ts";
import type { Account } from "./account.ts";

const root = join(import.meta.dirname, "../../..");
const run = promisify(execFile);
const STACK = "bluegreen-test";

/** A throwaway stack of the project's own program on a real account, with file state of its own. */
export interface RealStack {
  readonly outputs: () => Promise<StackOutputs>;
  /** `bluegreen <args> --json`, as its one JSON object with the exit code. */
  readonly verb: (...args: string[]) => Promise<Readonly<Record<string, unknown>>>;
  /** The minutes of waiting are in here. */
  readonly destroy: () => Promise<void>;
}

export async function realStack({ region, images }: Account): Promise<RealStack> {
  const state = await mkdtemp(join(tmpdir(), "bluegreen-aws-"));
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "throwaway",
    BLUEGREEN_STACK: STACK,
  };
  const file = join(root, `Pulumi.${STACK}.yaml`);
  const pulumi = async (...args: string[]) =>
    (await run("pulumi", [...args, "--stack", STACK, "--non-interactive"], { cwd: root, env })).stdout;
  const config = {
    "aws:region": region,
    blue: { image: images.one, modelVersion: "1" },
    service: {
      cpu: 256,
      memory: 512,
      startupSeconds: 30,
      requestTimeoutSeconds: 10,
      drainSeconds: 10,
      stickinessSeconds: 3600,
    },
    rollout: { steps: [50, 100], bakeMinutes: 3, minRequests: 50, protect: false },
  };
  await run("pulumi", ["stack", "init", STACK, "--non-interactive"], { cwd: root, env });
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ config }));
  await pulumi("up", "--yes", "--skip-preview");
  return {
    async outputs() {
      const outputs = parseOutputs(JSON.parse(await pulumi("stack", "output", "--json")));
      if (outputs === undefined) throw new Error("the stack has no outputs");
      return outputs;
    },
    async verb(...args) {
      const command = ["cli/main.ts", ...args, "--json"];
      const ended = await run(process.execPath, command, { cwd: root, env }).then(
        ({ stdout }) => ({ stdout, code: 0 }),
        // A verb says with its exit code how it went; execFile rejects with both.
        (error: { readonly stdout: string; readonly code: number }) => error,
      );
      return { ...(JSON.parse(ended.stdout) as Record<string, unknown>), exitCode: ended.code };
    },
    async destroy() {
      await pulumi("destroy", "--yes", "--skip-preview");
      await run("pulumi", ["stack", "rm", STACK, "--yes"], { cwd: root, env });
      await rm(state, { recursive: true });
      await rm(file, { force: true });
    },
  };
}
