import { cp, mkdir, writeFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { watchdogCode } from "../../infra/watchdog-code.ts";
import { UserError } from "../../validation/errors.ts";
import { attempt } from "../../validation/reading.ts";

const ENTRY = "validation/adapters/judge/lambda";
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
    // Where npm has put it: beside an installed package, or below a checkout.
    const manifest = findPackageJSON(name, import.meta.url);
    if (manifest === undefined) throw new Error(`${name} is not installed`);
    await cp(dirname(manifest), join(directory, "node_modules", name), {
      recursive: true,
      dereference: true,
    });
  }
  return `${directory}: ${code.size} files. Zip what is in it; the handler is ${ENTRY}.handler`;
}
