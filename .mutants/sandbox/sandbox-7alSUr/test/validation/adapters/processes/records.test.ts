import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fateOf, identityOf } from "../../../../validation/adapters/processes/identity.ts";
import { openRunRecords, stateDirectory } from "../../../../validation/adapters/processes/records.ts";

const MODULE = join(import.meta.dirname, "../../../../validation/adapters/processes/records.ts");
let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "bluegreen-records-"));
});
afterEach(() => rm(state, { recursive: true, force: true }));
const records = () => openRunRecords(state);
const now = () => new Date().toISOString();

/** A run of a tool in a process of its own, that has started something which lives as long as its standard input. */
async function aRun() {
  const script = `
    const { spawn } = await import("node:child_process");
    const { openRunRecords } = await import(${JSON.stringify(MODULE)});
    const own = openRunRecords(process.argv[1]).begin();
    const child = spawn("cat", { stdio: ["pipe", "ignore", "inherit"] });
    own.noteUpdate(child.pid);
    console.log(JSON.stringify({ id: own.id, child: child.pid }));
    process.stdin.once("data", () => process.exit(0)).resume();`;
  const run = spawn(process.execPath, ["--input-type=module", "-e", script, state], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: run.stdout }), "line");
  const { id, child } = JSON.parse(String(line)) as { readonly id: string; readonly child: number };
  return { run, id, child };
}

/** Standard input of the child is a pipe of the run, so it ends a moment after that was killed. */
async function gone(pid: number): Promise<void> {
  const identity = identityOf(pid);
  if (identity === undefined) return;
  while (fateOf(identity) === "runs") await new Promise(setImmediate);
}

describe.runIf(process.platform === "linux")("what runs write down of themselves", () => {
  test("tells that a run lives, also what it has started, and that both have ended when they were killed", async () => {
    const { run, id, child } = await aRun();
    const lock = { host: hostname(), pid: child, time: now() };
    expect([records().fateOfRun(id), records().fateOfLock(lock)]).toEqual(["runs", "runs"]);
    run.kill("SIGKILL");
    await once(run, "exit");
    expect(records().fateOfRun(id)).toBe("ended");
    await gone(child);
    expect(records().fateOfLock(lock)).toBe("ended");
  });

  test("tells the end of a run that ended by itself, to machines that cannot see it, too", async () => {
    const { run, id } = await aRun();
    run.stdin.write("end\n");
    await once(run, "exit");
    const path = join(state, "runs", `${id}.json`);
    const record = await readFile(path, "utf8");
    await writeFile(path, record.replace(/"bootId":"[^"]+"/g, '"bootId":"another"'));
    expect(records().fateOfRun(id)).toBe("ended");
  });

  test("says nothing of a killed run of another machine, of one that is not written down, and of a broken file", async () => {
    const { run, id, child } = await aRun();
    run.kill("SIGKILL");
    await once(run, "exit");
    await gone(child);
    const path = join(state, "runs", `${id}.json`);
    const record = await readFile(path, "utf8");
    await writeFile(path, record.replace(/"bootId":"[^"]+"/g, '"bootId":"another"'));
    const lock = { host: hostname(), pid: child, time: now() };
    expect([records().fateOfRun(id), records().fateOfLock(lock)]).toEqual(["unknown", "unknown"]);
    await writeFile(path, record.slice(0, -9));
    expect([records().fateOfRun(id), records().fateOfLock(lock)]).toEqual(["unknown", "unknown"]);
    expect(records().fateOfRun("00000000-0000-4000-8000-000000000000")).toBe("unknown");
  });

  test("proves nothing about a lock of another host, of another pid, or of another time", async () => {
    const { run, child } = await aRun();
    run.kill("SIGKILL");
    await once(run, "exit");
    await gone(child);
    const lock = { host: hostname(), pid: child, time: now() };
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const earlier = new Date(Date.now() - 3_600_000).toISOString();
    const others = [{ host: "other" }, { pid: child + 1 }, { time: later }, { time: earlier }, { time: "?" }];
    expect(others.map((other) => records().fateOfLock({ ...lock, ...other }))).toEqual(
      others.map(() => "unknown"),
    );
    expect(records().fateOfLock(lock)).toBe("ended");
  });

  test("of two that could hold a lock, believes in the death of neither while one may live", async () => {
    const { run, id, child } = await aRun();
    run.kill("SIGKILL");
    await once(run, "exit");
    await gone(child);
    const record = await readFile(join(state, "runs", `${id}.json`), "utf8");
    // The same pid in another PID namespace, of the same host name, as two containers of one image have it.
    const twin = record
      .replaceAll(id, "twin")
      .replace(/"namespaces":"[^"]+"/g, '"namespaces":"pid:[1] time:[1]"');
    await writeFile(join(state, "runs", "twin.json"), twin);
    expect(records().fateOfLock({ host: hostname(), pid: child, time: now() })).toBe("unknown");
  });

  test("is nobody's proof in a directory where others may write", async () => {
    const { run, id } = await aRun();
    run.kill("SIGKILL");
    await once(run, "exit");
    await chmod(join(state, "runs"), 0o777);
    expect(records().fateOfRun(id)).toBe("unknown");
  });

  test("is for its user alone", async () => {
    const own = records().begin();
    expect(await readdir(join(state, "runs"))).toEqual([`${own.id}.json`]);
    expect(records().fateOfRun(own.id)).toBe("runs");
  });

  test("that cannot be written is no proof, and no error", async () => {
    await writeFile(join(state, "runs"), "a file in the way");
    const own = records().begin();
    own.noteUpdate(process.pid).ended();
    expect(records().fateOfRun(own.id)).toBe("unknown");
  });
});

test("the directory is what the variable says, or the user's own", () => {
  expect(stateDirectory({ BLUEGREEN_STATE_DIRECTORY: "/s", XDG_STATE_HOME: "/x" })).toBe("/s");
  expect(stateDirectory({ XDG_STATE_HOME: "/x" })).toBe("/x/bluegreen");
  expect(stateDirectory({ XDG_STATE_HOME: "relative" })).toMatch(/\.local\/state\/bluegreen$/);
});
