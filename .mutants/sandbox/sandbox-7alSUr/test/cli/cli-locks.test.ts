import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PROJECT } from "../support/project.ts";
import { cliLockHolder } from "../../cli/local/cli-locks.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bluegreen-locks-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const timestamp = new Date().toISOString();
/** As Pulumi 3.260 left one after a `kill -9`, with what its storage library writes beside it. */
async function lock(id: string, pid: number): Promise<void> {
  const locks = join(directory, `backend/.pulumi/locks/organization/${PROJECT}/local`);
  await mkdir(locks, { recursive: true });
  const content = { pid, username: "root", hostname: hostname(), timestamp };
  await writeFile(join(locks, `${id}.json`), JSON.stringify(content));
  await writeFile(join(locks, `${id}.json.attrs`), '{"user.content_type":"text/plain; charset=utf-8"}');
}
const holder = () => cliLockHolder(directory, PROJECT, "local");
/** Above every process id that Linux gives (4,194,304). */
const DEAD = 9_999_999;

describe("the lock of the CLI's file backend", () => {
  it("is held by nobody where there is none", async () => {
    expect(await holder()).toBeUndefined();
  });

  it("names who took it, and when", async () => {
    await lock("f544a22b", DEAD);
    expect(await holder()).toEqual({ pid: DEAD, user: "root", host: hostname(), time: timestamp });
  });

  it.each(["", "{", "[]", "{}", '{"pid":"1"}'])("is one clear error when the file says %j", async (text) => {
    await lock("a", DEAD);
    await writeFile(join(directory, `backend/.pulumi/locks/organization/${PROJECT}/local/a.json`), text);
    await expect(holder()).rejects.toMatchObject({ problem: "broken" });
    await expect(holder()).rejects.toThrow("remove it with `pulumi cancel`");
  });

  it("is held by the one of two who may live: cancelling removes both", async () => {
    await lock("a", DEAD);
    await lock("b", process.pid);
    const fateOf = ({ pid }: { readonly pid: number }) => (pid === DEAD ? "ended" : "unknown");
    const held = await cliLockHolder(directory, PROJECT, "local", { fateOf });
    expect(held).toMatchObject({ pid: process.pid });
  });
});
