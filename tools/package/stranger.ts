import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { basename, delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";

/** How a command ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody in a folder of their own, who has nothing of the checkout but what npm puts there. */
export interface Stranger {
  /** Rejects when it ends with a code that is not `allowed`. */
  run(command: string, args: readonly string[], allowed?: readonly number[]): Promise<Ended>;
  /** The same of a verb, as it stands in the project. */
  bluegreen(args: readonly string[], allowed?: readonly number[]): Promise<Ended>;
  /** A verb that goes on; resolves when it has printed `ready`, with what ends it. */
  goesOn(args: readonly string[], ready: RegExp): Promise<() => Promise<void>>;
}

/** What npm and the shell of the checkout say of other projects, stacks and clouds; whom Node trusts is the machine's. */
const OTHERS = /^(npm_|PULUMI_|AWS_|BLUEGREEN_|NODE_(?!EXTRA_CA_CERTS$)|INIT_CWD)/i;

/** `tell`: each command that has ended, for whoever waits. */
export function strangerIn(directory: string, checkout: string, tell: (what: string) => void): Stranger {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((one) => !one.startsWith(checkout));
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OTHERS.test(name))),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    // The same on every machine, whatever is installed there.
    BLUEGREEN_ENGINE: "embedded",
    BLUEGREEN_STATE_DIRECTORY: join(directory, ".state-of-user"),
  };
  const run = async (command: string, args: readonly string[], allowed: readonly number[] = [0]) => {
    const ended = await new Promise<Ended>((resolve) => {
      const child = execFile(
        command,
        args,
        { cwd: directory, env, maxBuffer: 64e6 },
        (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
      );
    });
    tell(`${basename(command)} ${args.join(" ")}`.slice(0, 100));
    if (allowed.includes(ended.exitCode)) return ended;
    const said = `${ended.stdout}${ended.stderr}`.slice(-4000);
    throw new Error(`${command} ${args.join(" ")} ended with ${ended.exitCode}: ${said}`);
  };
  const verb = join(directory, "node_modules", ".bin", "bluegreen");
  return {
    run,
    bluegreen: (args, allowed) => run(verb, args, allowed),
    async goesOn(args, ready) {
      const child = spawn(verb, args, { cwd: directory, env, stdio: ["ignore", "pipe", "pipe"] });
      process.once("exit", () => void child.kill("SIGTERM"));
      const ended = once(child, "close");
      const said: string[] = [];
      await new Promise<void>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr])
          createInterface({ input: stream }).on("line", (line) => {
            said.push(line);
            if (ready.test(line)) resolve();
          });
        void ended.then(() => reject(new Error(`${args.join(" ")} ended: ${said.join("\n")}`)));
      });
      return async () => {
        child.kill("SIGTERM");
        await ended;
      };
    },
  };
}
