import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsAfter } from "../judge.ts";
import type { Story } from "../story.ts";
import { begunRollout, type FaultWorld } from "../world.ts";

/** Bytes of the disk that the world of these stories stands on. */
const DISK = "192m";

function mount(...args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

/** A disk of its own, which takes root; `why` tells what mount(8) has against it. */
export function openDisk(): { readonly path: string; readonly why: string | undefined; close(): void } {
  const path = mkdtempSync(join(tmpdir(), "bluegreen-disk-"));
  const why = mount("-t", "tmpfs", "-o", `size=${DISK}`, "tmpfs", path);
  return {
    path,
    why: why === undefined ? undefined : `mount -t tmpfs says ${JSON.stringify(why)}`,
    close() {
      if (why === undefined) spawnSync("umount", [path]);
      rmdirSync(path);
    },
  };
}

/** A candidate with users whose disk breaks: a revert moves them all the same, and ends its work once the disk is well. */
async function revertedOnBadDisk(
  given: FaultWorld,
  spoil: () => Promise<void>,
  restore: () => Promise<void>,
): Promise<readonly string[]> {
  const { world } = given;
  const { rollout, fromMs, other: all } = await begunRollout(given);
  await rollout.kill9();
  rollout.sweep();
  await spoil();
  const reverted = await world.run("revert", "--json").finally(restore);
  const live = (await world.see.live())[all];
  const again = await world.revert();
  return [
    ...(live === 100 ? [] : [`on the bad disk ${all} has ${live} %: ${reverted.stdout}${reverted.stderr}`]),
    ...(again.exitCode === 0
      ? []
      : [`on the good one revert ends with ${again.exitCode}: ${again.sentence}`]),
    ...(await problemsAfter(given, { fromMs, all })),
  ];
}

/** Of the verb's own machine; the cloud's clock is the cloud's. */
async function withClockWrong(given: FaultWorld, seconds: number): Promise<readonly string[]> {
  const candidate = await given.deployed();
  const fromMs = Date.now();
  process.env["CLOCK_WRONG_SECONDS"] = String(seconds);
  try {
    const said = await given.world.rollout("--skip-tests");
    if (said.exitCode !== 0)
      return [`it ends with ${said.exitCode}: ${said.sentence ?? said.error?.message}`];
  } finally {
    delete process.env["CLOCK_WRONG_SECONDS"];
  }
  return problemsAfter(given, { fromMs, all: candidate });
}

/** `disk`: the one that the world stands on, where it has one of its own. */
export const machineStories = (disk: {
  readonly path: string;
  readonly why: string | undefined;
}): readonly Story[] => {
  const filler = join(disk.path, "filler");
  return [
    {
      name: "the disk is full while a person reverts",
      skipped: disk.why,
      run: (given) =>
        revertedOnBadDisk(
          given,
          async () => {
            // Whatever is left, to the last byte.
            await writeFile(filler, Buffer.alloc(256 * 1024 * 1024)).catch(() => {});
          },
          () => rm(filler, { force: true }),
        ),
    },
    {
      name: "the state cannot be written while a person reverts: its file system is read-only",
      skipped: disk.why,
      run: (given) =>
        revertedOnBadDisk(
          given,
          async () => {
            const why = mount("-o", "remount,ro,force", disk.path) && mount("-o", "remount,ro", disk.path);
            if (why !== undefined) throw new Error(`the disk stays writable: ${why}`);
          },
          async () => {
            mount("-o", "remount,rw", disk.path);
          },
        ),
    },
    {
      name: "the clock of the verb's machine is half a minute ahead",
      skipped: undefined,
      run: (given) => withClockWrong(given, 30),
    },
    {
      name: "the clock of the verb's machine is half a minute behind",
      skipped: undefined,
      run: (given) => withClockWrong(given, -30),
    },
  ];
};
