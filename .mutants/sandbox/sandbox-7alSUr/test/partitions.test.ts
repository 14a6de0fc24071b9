import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
/** What makes ARNs, or reads them, on AWS. */
const FOLDERS = ["infra", "watchdog", "bootstrap", "contract", "policy", "validation", "cli"];

test("nothing that is built for AWS names one partition: China's is aws-cn, GovCloud's aws-us-gov", () => {
  const files = execFileSync("git", ["ls-files", "--", ...FOLDERS.map((folder) => `${folder}/**/*.ts`)], {
    cwd: root,
    encoding: "utf8",
  });
  const found = files
    .trim()
    .split("\n")
    .flatMap((file) => {
      const code = readFileSync(join(root, file), "utf8").replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
      return code.includes("arn:aws:") ? [file] : [];
    });
  expect(found).toEqual([]);
});
