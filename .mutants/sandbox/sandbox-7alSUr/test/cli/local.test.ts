import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCloudProcess } from "../../cli/demo/cloud-process.ts";
import { localPlace, type LocalPlace } from "../../cli/local/place.ts";
import { runningCloud } from "../../cli/local/running-cloud.ts";
import { freePort } from "../support/free-port.ts";

let place: LocalPlace;
beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-npx-"));
  place = { root: localPlace().root, directory };
});
afterEach(async () => {
  // Whatever a failing test has left running.
  const left = await runningCloud(place);
  if (left !== undefined) process.kill(left.pid, "SIGKILL");
  await rm(place.directory, { recursive: true, force: true });
});

test("the local cloud stops when npx, which started it through a shell, is told to stop", async () => {
  // As npm starts a program: a shell that waits for it, and that keeps a signal to itself.
  const command = ["-c", '"$@"; exit $?', "sh", process.execPath, "cli/main.ts", "local"];
  const shell = spawn("/bin/sh", [...command, "--port", String(await freePort())], {
    cwd: place.root,
    env: { ...process.env, npm_lifecycle_event: "npx", BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Its first words come when it serves; its output ends with the last process that has it.
  await once(shell.stdout, "data");
  const over = once(shell.stdout.resume(), "close");
  shell.kill("SIGTERM");
  await over;
  expect(await runningCloud(place)).toBeUndefined();
});

test("with --images it knows the images of another file, and those of the repository no more", async () => {
  const file = join(place.directory, "others.json");
  await writeFile(file, JSON.stringify({ images: { "other:1": { command: ["node", "server.js"] } } }));
  const cloud = await startCloudProcess(place, 1, ["--images", file]);
  const { url, token } = cloud.endpoint;
  const pinned = async (reference: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/images?reference=${reference}`, { headers });
    return response.json();
  };
  // What is known is pinned by a digest, and what is not stays as it is.
  expect(await pinned("other:1")).toEqual({ pinned: expect.stringMatching(/^other:1@sha256:/) });
  expect(await pinned("digits:1")).toEqual({ pinned: "digits:1" });
  await cloud.stop();
});
