import { spawnSync } from "node:child_process";

const tried = spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "true"], { encoding: "utf8" });

/** Why no second PID namespace can be made here, for the title of what is skipped; undefined: one can. */
export const noNamespaces: string | undefined =
  tried.status === 0
    ? undefined
    : ` (skipped: unshare --pid says ${JSON.stringify(tried.error?.message ?? tried.stderr.trim())})`;
