import { randomBytes } from "node:crypto";
import { UserError } from "../../validation/errors.ts";
import type { LocalEngine } from "./engine.ts";
import type { LocalPlace } from "./place.ts";

/** Makes the local stack on the first start, with a test token of its own. */
export async function ensureStack(
  engine: Pick<LocalEngine, "runPulumi">,
  { directory }: LocalPlace,
  stack: string,
): Promise<void> {
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await engine.runPulumi(args, { cwd: directory });
    if (code !== 0) throw new UserError("BG156", `pulumi ${args[0]} ${args[1]} failed: ${stderr.trim()}`);
    return stdout;
  };
  const stacks: unknown = JSON.parse(await run("stack", "ls", "--json"));
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
