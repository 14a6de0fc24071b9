/**
 * Loaded into a process before its program (`node --import`): each step on the disk by which something becomes true
 * for others (a file that is put into place, a lock that is rolled or given back) asks the gate before the cloud first,
 * so that a story can stop the process right there. The gate's address is the one that the process itself would use.
 */
import { readFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { DISK_PATH } from "./gate.ts";

const directory = process.env["BLUEGREEN_LOCAL_DIRECTORY"] ?? "";
// Written by the world of the story, before it starts anything.
const { url } = JSON.parse(readFileSync(join(directory, "endpoint.json"), "utf8")) as {
  readonly url: string;
};
const { link, rename, unlink } = promises;

async function ask(operation: string, path: unknown): Promise<void> {
  // Temporary files mean nothing to anybody else.
  if (typeof path !== "string" || !path.startsWith(directory) || path.endsWith(".tmp")) return;
  const body = JSON.stringify({ operation, path: path.slice(directory.length + 1) });
  await fetch(new URL(DISK_PATH, url), { method: "POST", body });
}

promises.link = async (from, to) => {
  await ask("link", to);
  await link(from, to);
};
promises.rename = async (from, to) => {
  await ask("rename", to);
  await rename(from, to);
};
promises.unlink = async (path) => {
  await ask("unlink", path);
  await unlink(path);
};
syncBuiltinESMExports();
