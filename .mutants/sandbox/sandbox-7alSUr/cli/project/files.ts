import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { OWN_TREE, ownModule } from "../local/own-files.ts";
import type { OwnManifest } from "./manifest.ts";
import { programText, projectFileText, TSCONFIG } from "./texts.ts";
import { CALLED, callerOf } from "./workflows.ts";

export interface ProjectWish {
  readonly name: string;
  /** Where it is to be. */
  readonly directory: string;
  /** Who has the workflows that the project's call: `<owner>/<repository>@<ref>`; undefined: for a person to say. */
  readonly workflows?: string | undefined;
}

const GOLDEN = "examples/digits/golden.jsonl";
const SERVICE = "examples/digits/service";

const own = (path: string) => readFile(join(OWN_TREE, path), "utf8");

export async function ownManifest(): Promise<OwnManifest> {
  // Ours, as this repository writes it.
  return JSON.parse(await own("package.json")) as OwnManifest;
}

/** Every file of a new project that none may be in the way of, by its path in it. */
export async function projectFiles(
  { name, directory, workflows }: ProjectWish,
  version: string,
): Promise<Readonly<Record<string, string>>> {
  const dev = (await own("Pulumi.dev.yaml")).replace(GOLDEN, "golden.jsonl");
  const callers = await Promise.all(
    CALLED.map(async (file) => {
      const path = `.github/workflows/${file}.yml`;
      return [path, callerOf(await own(path), `${file}.yml`, version, workflows)] as const;
    }),
  );
  return {
    "index.ts": programText(name),
    "Pulumi.yaml": projectFileText(name),
    "Pulumi.dev.yaml": dev,
    "golden.jsonl": await own(GOLDEN),
    "images.local.json": json(await exampleImages(directory)),
    "tsconfig.json": json(TSCONFIG),
    ".node-version": await own(".node-version"),
    // A reusable workflow finds an action by its path in the repository that calls it.
    ".github/actions/setup/action.yml": await own(".github/actions/setup/action.yml"),
    ...Object.fromEntries(callers),
  };
}

export const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/** The digits of the example, served from the package: something to deploy before there is a model. */
async function exampleImages(directory: string) {
  const service = relative(directory, ownModule(SERVICE));
  const { images }: { images: Readonly<Record<string, { readonly command: readonly string[] }>> } =
    JSON.parse(await own("images.local.json"));
  const digits = Object.entries(images).filter(([name]) => name.startsWith("digits:"));
  return {
    images: Object.fromEntries(
      digits.map(([name, image]) => [
        name,
        { ...image, command: image.command.map((word) => (word === `${SERVICE}.ts` ? service : word)) },
      ]),
    ),
  };
}
