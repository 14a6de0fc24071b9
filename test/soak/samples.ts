import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";

/** What one process used at one moment. */
export interface ProcessSample {
  /** What it is: `cloud`, `task`, `verb rollout`. */
  readonly name: string;
  readonly rssBytes: number;
  readonly handles: number;
}

/** One look at everything. */
export interface Sample {
  /** Virtual minutes since the soak began. */
  readonly minute: number;
  readonly processes: readonly ProcessSample[];
  /** Bytes below the local cloud's directory, by the first folder. */
  readonly disk: Readonly<Record<string, number>>;
}

const PAGE_BYTES = 4_096;
/** A leak is planned. */
const LEAKS = "--kind=leaking";

/** Processes that work in this checkout; read of /proc, proc(5). */
export async function sampleOf(root: string, cloudPid: number, minute: number): Promise<Sample> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => processOf(pid, root, cloudPid)));
  const processes = found.filter((one) => one !== undefined);
  return { minute, processes, disk: await diskOf(join(root, ".local")) };
}

async function processOf(pid: string, root: string, cloudPid: number): Promise<ProcessSample | undefined> {
  // Any of them may end while it is read.
  try {
    const cwd = await readlink(`/proc/${pid}/cwd`);
    if (cwd !== root && !cwd.startsWith(`${root}/`)) return undefined;
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    const name = Number(pid) === cloudPid ? "cloud" : nameOf(words);
    if (name === undefined) return undefined;
    const [, resident = "0"] = (await readFile(`/proc/${pid}/statm`, "utf8")).split(" ");
    const handles = (await readdir(`/proc/${pid}/fd`)).length;
    return { name, rssBytes: Number(resident) * PAGE_BYTES, handles };
  } catch {
    return undefined;
  }
}

function nameOf(words: readonly string[]): string | undefined {
  if (words.includes("test/soak/model.ts")) return words.includes(LEAKS) ? undefined : "task";
  const main = words.findIndex((word) => word.endsWith("cli/main.ts"));
  return main < 0 ? undefined : `verb ${words[main + 1]}`;
}

async function diskOf(directory: string): Promise<Readonly<Record<string, number>>> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async ({ name }) => [name, await bytesIn(join(directory, name))] as const),
  );
  const folders = sizes.filter(([name]) =>
    entries.some((entry) => entry.name === name && entry.isDirectory()),
  );
  const files = sizes.filter((size) => !folders.includes(size));
  return { ...Object.fromEntries(folders), files: files.reduce((sum, [, bytes]) => sum + bytes, 0) };
}

async function bytesIn(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size;
    const inside = await Promise.all((await readdir(path)).map((name) => bytesIn(join(path, name))));
    return inside.reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    // What is written anew is away for a moment.
    return 0;
  }
}
