import { randomBytes } from "node:crypto";
import type { LocalEngine } from "./engine.ts";
import type { LocalPlace } from "./place.ts";

/** Makes the local stack on the first start, with a test token of its own. */
export async function ensureStack(
  engine: Pick<LocalEngine, "runPulumi">,
  { directory }: LocalPlace,
  stack: string,
): Promise<void> {
  const run = async (...args: string[]) => {
    const { code, stderr } = await engine.runPulumi(args, { cwd: directory });
    if (code !== 0) throw new Error(`pulumi ${args[0]} ${args[1]} failed: ${stderr.trim()}`);
  };
  const list = await engine.runPulumi(["stack", "ls", "--json"], { cwd: directory });
  const stacks: unknown = list.code === 0 ? JSON.parse(list.stdout) : [];
  const exists = Array.isArray(stacks) && stacks.some(({ name }) => name === stack);
  if (exists) return;
  await run("stack", "init", stack);
  // 48 characters of a-z0-9, as the contract asks of a test token.
  await run(
    "config",
    "set",
    "--stack",
    stack,
    "--secret",
    "testToken",
    "--",
    randomBytes(24).toString("hex"),
  );
}
