import { createHash } from "node:crypto";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { AwsError } from "../aws-api/errors.ts";
import type { ImageCatalog, LocalImage } from "./images.ts";

/** What tools put beside a model and is not the model. */
const NOT_THE_MODEL = /^(\..*|node_modules|__pycache__|venv|.*\.log|.*\.pyc)$/;
/** Greater files are told apart by size and time of change: weights of gigabytes would take minutes to read. */
const READ_WHOLE_BYTES = 8 * 1024 * 1024;

/**
 * What stands for the digest of a local image: SHA-256 of its command, its environment, and of the files that it names, each with the whole
 * folder around it (of the folder that commands start in, only the files directly in it). The same files give the same
 * digest, wherever they lie.
 */
export async function imageDigest({ command, cwd, environment, ports }: LocalImage): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(command));
  // An image without either keeps the digest that it had before there were such.
  if (Object.keys(environment).length + ports.length > 0) {
    hash.update(JSON.stringify([Object.entries(environment).sort(), ports]));
  }
  const root = await realpath(cwd);
  const places = await Promise.all(command.map((word) => placeOf(word, root)));
  const folders = [...new Set(places.filter((place) => place !== undefined))].sort();
  for (const folder of folders) {
    const isAround = root === folder || root.startsWith(`${folder}${sep}`);
    for (const file of await filesIn(folder, !isAround)) {
      hash.update(`\n${relative(folder, file)} `).update(await contentOf(file));
    }
  }
  return `sha256:${hash.digest("hex")}`;
}

/** The folder of a file that a word of a command names, as it is or after a `=`. */
async function placeOf(word: string, root: string): Promise<string | undefined> {
  const path = resolve(root, word.slice(word.indexOf("=") + 1));
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return word === "" ? undefined : realpath(path);
  // The program itself, such as /usr/bin/python3, is the machine's.
  return found?.isFile() === true && !isProgram(path) ? realpath(dirname(path)) : undefined;
}

const isProgram = (path: string) => basename(dirname(path)) === "bin";

async function filesIn(folder: string, deep: boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kept = entries.filter(({ name }) => !NOT_THE_MODEL.test(name));
  const found = await Promise.all(
    kept.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return deep ? filesIn(path, deep) : [];
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat().sort();
}

async function contentOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  if (size > READ_WHOLE_BYTES) return `${size} ${mtimeMs}`;
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/** `GET /images?reference=<image>`: the reference with the digest of what it stands for now. */
export function imagesHandler(images: ImageCatalog) {
  return async ({ method, url }: { readonly method: string; readonly url: URL }) => {
    const reference = url.searchParams.get("reference");
    if (method !== "GET" || url.pathname !== "/images" || reference === null) {
      throw new AwsError("UnknownPath", `nothing is served at ${method} ${url.pathname}`, 404);
    }
    return { pinned: await pinned(images, reference) };
  };
}

/** One that has a digest, or is not known here, stays as it is: its task says what is wrong with it. */
async function pinned(images: ImageCatalog, reference: string): Promise<string> {
  if (reference.includes("@")) return reference;
  const image = resolveOrNone(images, reference);
  if (image === undefined) return reference;
  const hasTag = reference.slice(reference.lastIndexOf("/") + 1).includes(":");
  return `${reference}${hasTag ? "" : ":latest"}@${await imageDigest(image)}`;
}

function resolveOrNone(images: ImageCatalog, reference: string): LocalImage | undefined {
  try {
    return images.resolve(reference);
  } catch {
    // A catalog that cannot be read is said by the task that needs it.
    return undefined;
  }
}
