import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Fate } from "../../core/owner.ts";
import { descendantsOf } from "./descendants.ts";
import { fateOf, identityOf } from "./identity.ts";
import { parseRecord, type RunRecord, type UpdateProcess } from "./record.ts";
import { userName } from "./user-name.ts";

/** This process, in what it has written down of itself. */
export interface OwnRun {
  /** Random: what a lock or a release names as its holder. */
  readonly id: string;
  /** ISO 8601, when it began. */
  readonly since: string;
  /** Writes down that `pid`, which this process has started, may take a stack's lock. */
  noteUpdate(pid: number): NotedUpdate;
}

export interface NotedUpdate {
  /** Writes down what that process has started in its turn: the `pulumi` of npm is a script that starts the real one. */
  withDescendants(): void;
  /** Writes down that the process has ended. */
  ended(): void;
}

/** A lock as Pulumi's CLI tells of it. `time`: ISO 8601, when it was taken. */
export interface CliLock {
  readonly host: string;
  readonly pid: number;
  readonly time: string;
}

/**
 * What the runs of our tools on this machine have written down of themselves, one file each. The proof of a death needs
 * such a record; where none could be written, or it is not the user's own, nothing is proven.
 */
export interface RunRecords {
  begin(): OwnRun;
  fateOfRun(id: string): Fate;
  /** Of the process that holds such a lock: only runs of ours are known, so a `pulumi` that was typed is `unknown`. */
  fateOfLock(lock: CliLock): Fate;
}

/** `BLUEGREEN_STATE_DIRECTORY`, or `bluegreen` in the user's state directory (XDG Base Directory Specification). */
export function stateDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment["BLUEGREEN_STATE_DIRECTORY"];
  if (own !== undefined && own !== "") return own;
  const xdg = environment["XDG_STATE_HOME"];
  // The specification wants a relative path ignored.
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home(), ".local", "state");
  return join(base, "bluegreen");
}

function home(): string {
  try {
    return homedir();
  } catch {
    // libuv: the machine has no name of this user, as in a container, and HOME is not set.
    return join(tmpdir(), `bluegreen-${process.getuid?.() ?? 0}`);
  }
}

const KEPT_MS = 30 * 24 * 3_600_000;
/** From the start of a `pulumi` to its lock; the CLI takes it before it previews (pkg/backend/diy/backend.go). */
const LOCKS_WITHIN_MS = 120_000;

export function openRunRecords(state: string): RunRecords {
  const directory = join(state, "runs");
  return {
    begin: () => beginRun(directory),
    fateOfRun(id) {
      const found = isOwn(directory) ? read(join(directory, `${id}.json`)) : undefined;
      if (found?.id !== id) return "unknown";
      return found.endedAt === undefined ? fateOfKnown(found.identity) : "ended";
    },
    fateOfLock(lock) {
      const fates = all(directory).flatMap((run) => fatesIn(run, lock));
      if (fates.includes("runs")) return "runs";
      return fates.length > 0 && fates.every((fate) => fate === "ended") ? "ended" : "unknown";
    },
  };
}

const fateOfKnown = (identity: RunRecord["identity"]): Fate =>
  identity === undefined ? "unknown" : fateOf(identity);

function fatesIn(run: RunRecord, { host, pid, time }: CliLock): readonly Fate[] {
  if (run.host !== host) return [];
  const takenMs = Date.parse(time);
  return run.updates
    .filter(({ startedAt }) => {
      const startedMs = Date.parse(startedAt);
      // The CLI tells whole seconds.
      return takenMs > startedMs - 1_000 && takenMs <= startedMs + LOCKS_WITHIN_MS;
    })
    .flatMap((update) => {
      if (update.pid === pid && update.endedAt !== undefined) return ["ended" as const];
      if (update.pid === pid && update.processes.length === 0) return ["unknown" as const];
      return update.processes.filter((one) => one.pid === pid).map(fateOf);
    });
}

function beginRun(directory: string): OwnRun {
  const record: RunRecord & { updates: UpdateProcess[] } = {
    id: randomUUID(),
    user: userName(),
    host: hostname(),
    since: new Date(Math.round(performance.timeOrigin)).toISOString(),
    identity: identityOf(process.pid),
    endedAt: undefined,
    updates: [],
  };
  const path = join(directory, `${record.id}.json`);
  prune(directory);
  write(directory, path, record);
  process.once("exit", () => write(directory, path, { ...record, endedAt: new Date().toISOString() }));
  return {
    id: record.id,
    since: record.since,
    noteUpdate(pid) {
      const known = identityOf(pid);
      const at = record.updates.length;
      const change = (own: Partial<UpdateProcess>) => {
        const { [at]: before = { pid, startedAt: new Date().toISOString(), processes: [] } } = record.updates;
        record.updates[at] = { ...before, ...own };
        write(directory, path, record);
      };
      change({ processes: known === undefined ? [] : [known] });
      return {
        withDescendants() {
          if (known !== undefined) change({ processes: [known, ...descendantsOf(pid)] });
        },
        ended: () => change({ endedAt: new Date().toISOString() }),
      };
    },
  };
}

/** A record that cannot be written proves nothing later, and stops nothing now. */
function write(directory: string, path: string, record: RunRecord): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const temporary = `${path}.tmp`;
    writeFileSync(temporary, JSON.stringify(record), { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // An older version of it may stand there, which says less and nothing wrong.
  }
}

/** Whether nobody else may write there: a record of somebody else's making could call a living process dead. */
function isOwn(directory: string): boolean {
  try {
    const { uid, mode } = statSync(directory);
    return uid === process.getuid?.() && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

function all(directory: string): readonly RunRecord[] {
  if (!isOwn(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => read(join(directory, name)) ?? []);
}

function read(path: string): RunRecord | undefined {
  try {
    return parseRecord(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Gone meanwhile, or broken: it proves nothing.
    return undefined;
  }
}

/** Of what ended long ago nothing is asked any more. */
function prune(directory: string): void {
  try {
    const names = isOwn(directory) ? readdirSync(directory) : [];
    for (const path of names.map((name) => join(directory, name))) {
      if (Date.now() - statSync(path).mtimeMs > KEPT_MS) unlinkSync(path);
    }
  } catch {
    // Somebody else is at it, too.
  }
}

let own: OwnRun | undefined;

/** This process's own record, begun at the first use. */
export const ownRun = (): OwnRun => (own ??= openRunRecords(stateDirectory()).begin());
