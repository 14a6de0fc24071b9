import { createInterface } from "node:readline/promises";
import { UserError } from "../../validation/errors.ts";
import { localEngine } from "../local/engine.ts";
import { runningCloud, type LocalPlace } from "../local/place.ts";

/** Commands that reach the cloud; the others work on files and need none. */
const NEEDS_CLOUD = ["up", "update", "preview", "pre", "refresh", "destroy"];

/** `npx bluegreen pulumi …`: Pulumi's everyday commands on the local stack, for people without its CLI. */
export async function pulumi(place: LocalPlace, args: readonly string[]): Promise<number> {
  const cloud = await runningCloud(place);
  const [command = ""] = args;
  if (cloud === undefined && NEEDS_CLOUD.includes(command)) throw new UserError("BG152", "");
  const engine = await localEngine(place, cloud);
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  process.once("SIGINT", interrupt);
  try {
    const { code } = await engine.runPulumi([...args], {
      cwd: place.directory,
      signal: abort.signal,
      onOutput: (text) => process.stdout.write(text),
      onError: (text) => process.stderr.write(text),
      confirm: process.stdin.isTTY ? ask : undefined,
    });
    return code;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
