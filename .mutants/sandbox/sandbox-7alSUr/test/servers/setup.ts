/**
 * `npm run test:servers:setup`: one virtual environment a server in `.servers/`, from the pinned requirements beside
 * this file, and the models that they serve. What is there already, of the same requirements, stays. Wants Python
 * 3.11, on PATH as python3.11 or in PYTHON, and pip's usual index. `npm run test:servers:setup mlserver flask` makes
 * these alone.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ENVIRONMENTS,
  installedIn,
  MODELS_FOLDER,
  PYTHON_VERSION,
  ROOT,
  requirementsOf,
  SERVERS_FOLDER,
} from "./support/environments.ts";

const HERE = import.meta.dirname;
const python = process.env["PYTHON"] ?? `python${PYTHON_VERSION}`;
const inside = (name: string, program: string) => join(SERVERS_FOLDER, name, "bin", program);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !ENVIRONMENTS.some((known) => known === name));
if (unknown.length > 0) {
  throw new Error(`there is no environment ${unknown.join(", ")}; there are ${ENVIRONMENTS.join(", ")}`);
}

run(python, ["-c", `import sys; assert sys.version.startswith("${PYTHON_VERSION}."), sys.version`]);
mkdirSync(SERVERS_FOLDER, { recursive: true });
for (const name of ENVIRONMENTS.filter((one) => asked.length === 0 || asked.includes(one))) make(name);

const model = join(MODELS_FOLDER, "model.joblib");
if (existsSync(inside("fastapi", "python")))
  run(inside("fastapi", "python"), [join(HERE, "train.py"), MODELS_FOLDER]);
if (existsSync(inside("mlserver", "python"))) {
  const script = join(ROOT, "examples", "regression", "train.py");
  run(inside("mlserver", "python"), [script, join(MODELS_FOLDER, "friedman")]);
}
// An environment alone, as a registry's suite needs it, has no model of another one's to save.
if (existsSync(inside("mlflow", "python")) && existsSync(model)) {
  run(inside("mlflow", "python"), [join(HERE, "mlflow", "save.py"), model, join(MODELS_FOLDER, "mlflow")]);
}

/** Makes an environment whole or not at all: one that was broken off has no mark, and is made anew. */
function make(name: (typeof ENVIRONMENTS)[number]): void {
  const requirements = requirementsOf(name);
  if (installedIn(name)) return console.log(`${name}: is there`);
  const folder = join(SERVERS_FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  run(python, ["-m", "venv", folder]);
  // Every version is in the file: pip has nothing to choose, and what is missing there is an error.
  run(join(folder, "bin", "pip"), ["install", "--quiet", "--no-deps", "--requirement", requirements]);
  run(join(folder, "bin", "pip"), ["check"]);
  writeFileSync(join(folder, "installed.txt"), readFileSync(requirements));
}

function run(program: string, words: readonly string[]): void {
  console.log([program, ...words].join(" "));
  const { status, error } = spawnSync(program, words, { cwd: ROOT, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}
