import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as v from "valibot";

/** What the local cloud runs in place of a container image. */
export interface LocalImage {
  /** Program and arguments; the program `node` is the Node that runs the local cloud. */
  readonly command: readonly string[];
  /** Absolute folder that the command starts in. */
  readonly cwd: string;
  /** As an image's own ENV: what a container definition says of the same name wins. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of free ports that its tasks get beside their own. */
  readonly ports: readonly string[];
}

export interface ImageCatalog {
  /** The command of an image reference, or undefined when nobody mapped it. Throws when the catalog is unreadable. */
  resolve(reference: string): LocalImage | undefined;
  /** Every mapped reference, sorted. Throws when the catalog is unreadable. */
  known(): string[];
}

/** POSIX, "Environment Variable Definition"; a task's own port and host are no one else's to name. */
const Name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "needs to be the name of an environment variable"),
  v.notValues(["PORT", "HOST"], "is given to each task by the local cloud itself"),
);

const Catalog = v.strictObject({
  images: v.record(
    v.string(),
    v.pipe(
      v.strictObject({
        command: v.pipe(
          v.array(v.pipe(v.string(), v.nonEmpty())),
          v.minLength(1, "needs at least a program"),
        ),
        description: v.optional(v.string()),
        environment: v.optional(v.record(Name, v.string()), {}),
        ports: v.optional(v.array(Name), []),
      }),
      v.check(
        ({ ports, environment }) =>
          new Set([...ports, ...Object.keys(environment)]).size ===
          ports.length + Object.keys(environment).length,
        "ports and environment need names that differ",
      ),
    ),
  ),
});

/**
 * The catalog in the file `path` (images.local.json). It is read anew at each question, so that an edit counts at the
 * next start of a task. Commands run in the file's folder.
 *
 * A reference is looked up as written. `name:tag@sha256:…` may also be mapped as `name:tag`: the digest then says
 * nothing that the tag does not. `name@sha256:…` must be mapped as written: without a tag the digest is all that
 * tells two models apart, and another model in its place would be a silent fallback. `name:latest@sha256:…` may also
 * be mapped as `name`.
 */
export function readImages(path: string): ImageCatalog {
  const file = resolve(path);
  const read = () => new Map(Object.entries(parseCatalog(file).images));
  return {
    resolve(reference) {
      const images = read();
      const tagged = withoutDigest(reference);
      const image = images.get(reference) ?? images.get(tagged) ?? images.get(withoutLatest(reference));
      if (image === undefined) return undefined;
      const { command, environment, ports } = image;
      return { command, cwd: dirname(file), environment, ports };
    },
    known: () => [...read().keys()].sort(),
  };
}

function withoutDigest(reference: string): string {
  const [name = "", digest] = reference.split("@");
  const hasTag = name.slice(name.lastIndexOf("/") + 1).includes(":");
  return digest !== undefined && hasTag ? name : reference;
}

/** A mapping without a tag, as `GET /images` pins it. */
const withoutLatest = (reference: string) => reference.replace(/:latest@.*$/, "");

function parseCatalog(file: string): v.InferOutput<typeof Catalog> {
  if (!existsSync(file)) {
    throw new Error(
      `${file} does not exist; it maps image references to commands: ` +
        `{"images": {"my-model:1": {"command": ["node", "server.js"]}}}`,
    );
  }
  const result = v.safeParse(Catalog, parseJson(file));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
  throw new Error(`${file} is not a catalog of images: ${problems.join("; ")}`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
