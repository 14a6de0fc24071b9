import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";

/** Asks for a command; undefined: the person has ended the tour (Ctrl-C, Ctrl-D), or `until` was resolved before. */
export async function askCommand(prompt: string, until: AbortSignal): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const gone = new AbortController();
  lines.on("close", () => gone.abort());
  try {
    return await lines.question(prompt, { signal: AbortSignal.any([until, gone.signal]) });
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return undefined;
    throw error;
  } finally {
    lines.close();
  }
}

/** Runs it as a shell does, in this terminal; Ctrl-C is the command's meanwhile. */
export async function runTyped(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const child = spawn(command, {
      cwd,
      env: { ...env },
      stdio: "inherit",
      shell: process.env["SHELL"] ?? true,
    });
    await once(child, "exit");
  } finally {
    process.off("SIGINT", ignore);
  }
}
