/**
 * `npm run test:package`: packs the product and its packages, installs them in a folder outside this repository, makes a
 * project there and releases in it, beside a second model. One JSON line on standard output; progress on standard error.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wholeRelease } from "./package/release.ts";
import { strangerIn } from "./package/stranger.ts";

const root = join(import.meta.dirname, "..");
const startedMs = performance.now();
const tell = (what: string) =>
  process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1)} s  ${what}\n`);
const place = await mkdtemp(join(tmpdir(), "fraud-"));
// Ctrl-C, too, leaves nothing behind.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
process.once("exit", () => rmSync(place, { recursive: true, force: true }));
const user = strangerIn(place, root, tell);
tell("building and packing");
execFileSync(process.execPath, ["tools/build.ts"], { cwd: root, stdio: "inherit" });
const folders = [".", "./packages/pulumi-engine", "./packages/local-cloud"];
const packed = execFileSync(
  "npm",
  ["pack", "--json", "--ignore-scripts", "--pack-destination", place, ...folders],
  { cwd: root, encoding: "utf8" },
);
tell(`installing into ${place}`);
await user.run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs(packed)]);
await user.run("npx", ["--no-install", "bluegreen", "init", "fraud-model"]);
tell("checking the types of what it wrote");
await user.run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"]);
await user.run("npm", ["run", "check"]);
const program = await readFile(join(place, "index.ts"), "utf8");
tell("a bad release, a good one, a revert");
const stop = await user.goesOn(["local", "--port", "0", "--speed", "40"], /^Leave it running/);
const findings = await wholeRelease(user, place, tell).finally(stop);
const line = { ...findings, indexLines: program.trimEnd().split("\n").length };
tell("done");
process.stdout.write(`${JSON.stringify(line)}\n`);
const back = findings.revertWhileOtherBroken;
const isWell = findings.promoted && findings.rolledBack && findings.weightChangeResources === 1;
process.exitCode = isWell && back.usersBack && line.indexLines <= 25 ? 0 : 1;

function tarballs(packed: string): readonly string[] {
  // As `npm pack --json` has them: an object for each, with the name of its file.
  const found: readonly { readonly filename: string }[] = Object.values(JSON.parse(packed));
  return found.map(({ filename }) => join(place, filename));
}
