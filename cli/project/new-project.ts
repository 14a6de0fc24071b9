import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isNewModelName } from "../../contract/names/model-name.ts";
import type { NewStack } from "../../validation/stack/init.ts";
import { UserError } from "../../validation/errors.ts";
import { json, ownManifest, projectFiles, type ProjectWish } from "./files.ts";
import { projectManifest } from "./manifest.ts";
import { IGNORED } from "./texts.ts";

export interface MadeProject {
  readonly files: readonly string[];
  readonly next: NewStack["next"];
}

/**
 * Writes a project whose program is one model; it overwrites nothing.
 * @throws UserError BG304 when a file is in the way, BG305 for a name that no model can have; then nothing is written.
 */
export async function makeProject(wish: ProjectWish): Promise<MadeProject> {
  const { name, directory } = wish;
  if (!isNewModelName(name)) throw new UserError("BG305", `It is ${JSON.stringify(name)}.`);
  const own = await ownManifest();
  const files = await projectFiles(wish, own.version);
  const there = Object.keys(files).filter((path) => existsSync(join(directory, path)));
  if (there.length > 0) throw new UserError("BG304", `There are: ${there.join(", ")}.`);
  const manifest = projectManifest(await manifestIn(directory), name, own);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text, { flag: "wx" });
  }
  await writeFile(join(directory, "package.json"), json(manifest));
  await ignore(directory);
  return { files: [...Object.keys(files), "package.json", ".gitignore"].toSorted(), next: NEXT };
}

async function manifestIn(directory: string): Promise<unknown> {
  const path = join(directory, "package.json");
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw new UserError("BG304", "package.json is not JSON.");
  }
}

async function ignore(directory: string): Promise<void> {
  const path = join(directory, ".gitignore");
  const before = existsSync(path) ? await readFile(path, "utf8") : "";
  const missing = IGNORED.filter((line) => !before.split("\n").includes(line));
  const end = before === "" || before.endsWith("\n") ? "" : "\n";
  await writeFile(path, `${before}${end}${missing.map((line) => `${line}\n`).join("")}`);
}

const NEXT = [
  { command: "npm install", why: "brings what package.json now names, with the Node for it" },
  { command: "npx bluegreen local --speed 30", why: "a local AWS emulator; leave it running" },
  { command: "npx bluegreen pulumi up", why: "the stack on it, in another terminal" },
  {
    command: "npx bluegreen deploy digits:1 --model-version 1",
    why: "a model to begin with, from the package",
  },
  { command: "npx bluegreen init <stack>", why: "later: the file of a stack on AWS" },
];
