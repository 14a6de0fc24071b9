import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The process in which the engine of this verb runs the Pulumi program; undefined: none runs right now. */
export async function programOf(verbPid: number): Promise<number | undefined> {
  // POSIX: all processes, with nothing but these three columns.
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  const line = stdout.split("\n").find((text) => {
    const [, , parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(text) ?? [];
    return Number(parent) === verbPid && command?.includes("@pulumi/pulumi/cmd/run") === true;
  });
  return line === undefined ? undefined : Number.parseInt(line, 10);
}
