import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";

test("a reader that leaves early, as `head` does, is no error", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-output-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const child = spawn(process.execPath, ["cli/bluegreen.js", "pulumi"], {
    cwd: join(import.meta.dirname, "..", ".."),
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect({ code, said }).toEqual({ code: 0, said: "" });
});
