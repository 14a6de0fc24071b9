/**
 * `node test/mutants/by-hand.ts [--only <name>]`: wrong edits that once no test of their area noticed, each made in a
 * copy of the sources, and whether one does now (docs/worst-day/mutants.md). Ends with 1 when one is not found.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { endOn } from "../../tools/script-options.ts";
import { EDITS, type Edit } from "./edits.ts";

const { values: flags } = parseArgs({ options: { only: { type: "string", default: "" } } });
const wanted = EDITS.filter(({ name }) => name.includes(flags.only));
const all = EDITS.map(({ name }) => `\n  ${name}`).join("");
endOn([wanted.length === 0 ? `--only ${flags.only}: no edit has this in its name: ${all}` : undefined]);
const ROOT = join(import.meta.dirname, "..", "..");
const PARTS = ["agent", "bootstrap", "cli", "contract", "docs", "examples", "infra", "packages", "policy"];
const MORE = ["test", "tools", "validation", "verify", "watchdog"];
const FILES = ["package.json", "tsconfig.json", "Pulumi.yaml", "images.local.json", "vitest.config.ts"];

const copy = await mkdtemp(join(tmpdir(), "bluegreen-mutants-"));
let missed = 0;
try {
  for (const part of [...PARTS, ...MORE, ...FILES])
    await cp(join(ROOT, part), join(copy, part), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  for (const edit of wanted) {
    const found = await foundBy(edit);
    if (found.length === 0) missed += 1;
    console.log(`${edit.name}: ${found.length === 0 ? "NOT FOUND" : found.slice(0, 3).join("; ")}`);
  }
} finally {
  await rm(copy, { recursive: true, force: true });
}
process.exitCode = missed === 0 ? 0 : 1;

/** Titles of the tests that fail with this edit. */
async function foundBy({ name, file, from, to, tests }: Edit): Promise<readonly string[]> {
  const path = join(copy, file);
  const source = await readFile(path, "utf8");
  // An edit whose text is no longer there finds nothing, and is no success.
  if (source.split(from).length !== 2) throw new Error(`${name}: ${file} does not have this once: ${from}`);
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    return await failing(tests);
  } finally {
    await writeFile(path, source);
  }
}

async function failing(tests: readonly string[]): Promise<readonly string[]> {
  const vitest = join(copy, "node_modules", "vitest", "vitest.mjs");
  const reportPath = join(copy, "report.json");
  const args = [vitest, "run", "--reporter=json", `--outputFile=${reportPath}`, "--bail=3", ...tests];
  await rm(reportPath, { force: true });
  // It ends with 1 when a test fails, which is what is wanted.
  const { stderr } = await new Promise<{ stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: copy, maxBuffer: 2 ** 28 }, (_error, _stdout, stderr) =>
      resolve({ stderr }),
    );
  });
  const text = await readFile(reportPath, "utf8").catch(() => {
    throw new Error(`no report: ${stderr.slice(-1_000)}`);
  });
  // Vitest's own report.
  const report = JSON.parse(text) as Report;
  if (report.numTotalTests === 0) throw new Error(`no tests in ${tests.join(", ")}`);
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => fullName);
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
