import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { watchdogCode } from "../../infra/watchdog-code.ts";
import { UserError } from "../../validation/errors.ts";
import { attempt } from "../../validation/reading.ts";

const ENTRY = "validation/adapters/judge/lambda.ts";
/** What the function imports that Lambda's runtime has not; the SDK is there. */
const BROUGHT = ["valibot"];

/** Writes the function for a Lambda hook into a new directory; says what was written. */
export async function writeJudgeFunction(directory: string): Promise<string> {
  const made = await attempt(() => mkdir(directory));
  if (!made.readable) throw new UserError("BG208", `${made.why}.`);
  const code = watchdogCode(ENTRY);
  for (const [path, source] of code) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, source);
  }
  for (const name of BROUGHT) {
    const from = join(import.meta.dirname, "../../node_modules", name);
    await cp(from, join(directory, "node_modules", name), { recursive: true, dereference: true });
  }
  return `${directory}: ${code.size} files. Zip what is in it; the handler is ${ENTRY.replace(/\.ts$/, ".handler")}`;
}
