/**
 * `npm run build`: what is installed of the product and of its two packages, as JavaScript with types, each below its own
 * `dist/`. A checkout needs none of it: it runs from its sources.
 */
import { execFileSync } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CALLED } from "../cli/project/workflows.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

/** What is read at run time and is no module: by its place in the tree. */
const BESIDE = [
  "packages/local-cloud/dashboards/page.html",
  "cli/console/page",
  // The model that a newcomer begins with, and what `init` makes a project of.
  "examples/digits/models",
  "examples/digits/golden.jsonl",
  "images.local.json",
  // For an editor, by the path that docs/serving/suite.md gives.
  "docs/serving/schemas/suite.schema.json",
  "Pulumi.dev.yaml",
  "package.json",
  ".node-version",
  ".github/actions/setup/action.yml",
  ...CALLED.map((name) => `.github/workflows/${name}.yml`),
];

/** The packages carry each other inside: no package of another author may stand in for one of them. */
const PACKAGES = {
  "pulumi-engine": ["pulumi-engine"],
  "local-cloud": ["local-cloud", "pulumi-engine"],
};

await rm(dist, { recursive: true, force: true });
const compiler = join(createRequire(import.meta.url).resolve("typescript/package.json"), "..", "bin", "tsc");
execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
for (const path of BESIDE) await cp(join(root, path), join(dist, path), { recursive: true });
for (const [name, parts] of Object.entries(PACKAGES)) {
  const own = join(root, "packages", name, "dist");
  await rm(own, { recursive: true, force: true });
  for (const part of parts) await cp(join(dist, "packages", part), join(own, part), { recursive: true });
}
