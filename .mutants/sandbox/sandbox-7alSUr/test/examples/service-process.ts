import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ServiceProcess {
  /** e.g. http://127.0.0.1:41234 */
  readonly url: string;
  /** Ends the process as ECS would, and waits for it. */
  stop(): Promise<{ code: number | null; output: string }>;
  kill(signal: NodeJS.Signals): void;
  /** The text that the process prints, when it comes; rejects when the process ends before. */
  printed(text: RegExp): Promise<RegExpExecArray>;
}

export interface Command {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const boundMs = 20_000;

/** Starts a service on a free port and waits for the line that says where it listens. */
export async function startService(command: Command): Promise<ServiceProcess> {
  const service = launch(command);
  try {
    const [, url = ""] = await service.printed(/listen\S* (?:on|at):? (http:\/\/127\.0\.0\.1:\d+)/i);
    return { ...service, url };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** Runs a service that is expected to give up by itself. */
export async function runToItsEnd(command: Command): Promise<{ code: number | null; output: string }> {
  return launch(command).ended();
}

function launch({ command: [file = "", ...args], cwd = ".", env = {} }: Command) {
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const watcher of watchers) watcher();
    });
  }
  const closed: Promise<number | null> = once(child, "close").then(([code]) => code);

  const ended = async () => {
    const lastResort = setTimeout(() => child.kill("SIGKILL"), boundMs);
    const code = await closed;
    clearTimeout(lastResort);
    return { code, output };
  };

  return {
    ended,
    kill: (signal: NodeJS.Signals) => void child.kill(signal),
    stop: () => {
      child.kill("SIGTERM");
      return ended();
    },
    printed: (text: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const complain = () => reject(new Error(`${file} did not print ${text}, but:\n${output}`));
        const bound = setTimeout(complain, boundMs);
        const look = () => {
          const match = text.exec(output);
          if (match === null) return;
          clearTimeout(bound);
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        closed.then(complain, reject).finally(() => clearTimeout(bound));
      }),
  };
}
