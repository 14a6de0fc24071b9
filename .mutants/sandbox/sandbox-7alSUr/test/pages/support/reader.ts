import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BEFORE, ENDS, RUNS_ON } from "./listed.ts";
import { root, type Printed } from "./page.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Somebody who has just cloned the repository, and types what the pages print. */
export interface Reader {
  /** Types it as it is printed, and says how it ended otherwise than the page has it; undefined: it did not. */
  types(printed: Printed): Promise<string | undefined>;
  /** Types it and stays there, to type on. */
  opens(command: string): Terminal;
  close(): Promise<void>;
}

/**
 * A copy of what Git has, a home of its own and no credentials. `npm ci` links the packages that are installed here, and
 * `pulumi` is `npx bluegreen pulumi`, as README and docs/engines.md have it where there is no Pulumi CLI.
 */
export async function aReader(): Promise<Reader> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-reader-"));
  const checkout = join(directory, "ml-blue-green");
  const bin = join(directory, "bin");
  const env = {
    HOME: join(directory, "home"),
    PATH: [bin, process.env["PATH"]].join(":"),
    TMPDIR: directory,
    TERM: "xterm",
    npm_config_cache: join(directory, "npm"),
    BLUEGREEN_ENGINE: process.env["BLUEGREEN_ENGINE"] ?? "embedded",
  };
  /** What has not ended yet, oldest first. */
  const open = new Set<Terminal>();
  const start = (script: string) => {
    const terminal = openTerminal(script, checkout, env);
    open.add(terminal);
    void terminal.ended.then(() => open.delete(terminal));
    return terminal;
  };
  const running = new Map<string, Terminal>();
  const stop = async (terminal: Terminal | undefined) => {
    if (terminal !== undefined && open.has(terminal)) await terminal.interrupt();
  };
  const close = async () => {
    // The users before their cloud.
    for (const terminal of [...open].toReversed()) await stop(terminal);
    await rm(directory, { recursive: true, force: true });
  };
  await mkdir(env.HOME);
  await mkdir(bin);
  for (const [name, source] of Object.entries(PROGRAMS)) {
    await writeFile(join(bin, name), source);
    await chmod(join(bin, name), 0o755);
  }
  await copyTo(checkout);
  const run = async (script: string, ends: readonly number[]) => {
    const { exitCode, shown } = await start(script).ended;
    if (exitCode !== undefined && ends.includes(exitCode)) return undefined;
    return `exit code ${exitCode}, and not ${ends.join(" or ")}, of\n${script}\n${shown}`;
  };
  return {
    async types({ command }) {
      const before = BEFORE[command];
      const missing = before && (await run(before.script, [0]));
      if (missing !== undefined) return missing;
      const goesOn = RUNS_ON.find((one) => one.command.test(command));
      if (goesOn === undefined) return run(command, ENDS[command] ?? [0]);
      // Whoever types it again has stopped it first.
      await stop(running.get(command));
      const terminal = start(command);
      running.set(command, terminal);
      return terminal.saw(goesOn.ready).then(
        () => undefined,
        (error: unknown) => String(error),
      );
    },
    opens: start,
    close,
  };
}

/** First on PATH; the real npm is behind it. */
const PROGRAMS = {
  npm: `#!/bin/bash
if [ "$1" = ci ]; then exec ln -sfn ${join(root, "node_modules")} node_modules; fi
PATH=\${PATH#*:} exec npm "$@"
`,
  pulumi: `#!/bin/bash
exec npx bluegreen pulumi "$@"
`,
};

/** What a clone of this very tree would have. */
async function copyTo(checkout: string): Promise<void> {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\n").filter((one) => one !== "" && existsSync(join(root, one))))
    await cp(join(root, file), join(checkout, file), { recursive: true });
}
