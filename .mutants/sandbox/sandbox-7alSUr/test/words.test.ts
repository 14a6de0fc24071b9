import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "*.ts", "*.js", "*.md", "*.yml", "*.yaml", "*.html"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && file !== "test/words.test.ts");

/** Private idiom of earlier versions; docs/glossary.md has the words that are used instead. */
const OLD = [
  "taken back",
  "take back",
  "lent",
  "mend",
  "cry wolf",
  "blind spot",
  "slot of record",
  "by hand",
  "on the laptop",
  "everyone back",
  "manners",
];

describe("the words of the code, its output and its documents", () => {
  it.each(OLD)("are not: %s", (phrase) => {
    const pattern = new RegExp(`\\b${phrase.replaceAll(" ", "[\\s*/]+")}\\b`, "i");
    const hits = files.filter((file) => pattern.test(readFileSync(join(root, file), "utf8")));
    expect(hits).toEqual([]);
  });
});
