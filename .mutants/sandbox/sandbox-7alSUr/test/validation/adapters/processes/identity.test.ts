import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  fateOf,
  identityOf,
  type ProcessIdentity,
} from "../../../../validation/adapters/processes/identity.ts";
import { noNamespaces } from "../../../support/namespaces.ts";

const MODULE = join(import.meta.dirname, "../../../../validation/adapters/processes/identity.ts");
const own = (): ProcessIdentity => {
  const identity = identityOf(process.pid);
  if (identity === undefined) throw new Error("this system tells no identity");
  return identity;
};

describe.runIf(process.platform === "linux")("a process", () => {
  test("that runs, runs", () => {
    expect(fateOf(own())).toBe("runs");
  });

  test("that has ended, has ended", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    const identity = identityOf(child.pid ?? 0);
    if (identity === undefined) throw new Error("the child has no identity");
    expect(fateOf(identity)).toBe("runs");
    child.stdin.end();
    await once(child, "exit");
    expect(fateOf(identity)).toBe("ended");
  });

  test("of which only its pid is somebody else's now, has ended", () => {
    expect(fateOf({ ...own(), startTicks: "1" })).toBe("ended");
  });

  test("that ended and waits for a parent that never asks, has ended", async () => {
    // A container without an init process keeps these for ever.
    const script = "exec 3<&0; cat <&3 & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const [text] = await once(parent.stdout, "data");
      const pid = Number(text);
      const identity = identityOf(pid);
      if (identity === undefined) throw new Error("the process has no identity");
      expect(fateOf(identity)).toBe("runs");
      parent.stdin.end();
      // `cat` ends then; the test's own timeout is the bound.
      while (fateOf(identity) === "runs") await new Promise(setImmediate);
      expect(fateOf(identity)).toBe("ended");
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test.each([
    ["another start of the kernel", { bootId: "00000000-0000-4000-8000-000000000000" }],
    ["another PID namespace", { namespaces: "pid:[1] time:[1]" }],
  ])("of %s is not judged, though no process has its pid here", (_title, elsewhere) => {
    expect(fateOf({ ...own(), pid: 4_194_303, ...elsewhere })).toBe("unknown");
  });

  test.skipIf(noNamespaces !== undefined)(
    `is not judged from another PID namespace, of the same host name and user${noNamespaces ?? ""}`,
    () => {
      const script = `
        const { fateOf, identityOf } = await import(${JSON.stringify(MODULE)});
        const theirs = JSON.parse(process.argv[1]);
        console.log(JSON.stringify([fateOf(theirs), fateOf(identityOf(process.pid))]));`;
      const args = ["--pid", "--fork", "--mount-proc", process.execPath, "--input-type=module", "-e", script];
      const told = spawnSync("unshare", [...args, JSON.stringify(own())], { encoding: "utf8" });
      expect(JSON.parse(told.stdout || told.stderr)).toEqual(["unknown", "runs"]);
    },
  );

  test.skipIf(noNamespaces !== undefined)(
    `is not judged where /proc is another PID namespace's${noNamespaces ?? ""}`,
    () => {
      const script = `
        const { identityOf } = await import(${JSON.stringify(MODULE)});
        console.log(JSON.stringify(identityOf(process.pid) ?? "untold"));`;
      const args = ["--pid", "--fork", process.execPath, "--input-type=module", "-e", script];
      expect(spawnSync("unshare", args, { encoding: "utf8" }).stdout.trim()).toBe('"untold"');
    },
  );
});
