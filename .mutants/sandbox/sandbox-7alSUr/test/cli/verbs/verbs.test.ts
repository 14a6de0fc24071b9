import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createProgram } from "../../../cli/program.ts";
import { ALL_VERBS } from "../../../cli/verbs/all.ts";
import { verbFiles, verbIndex, verbOf } from "../../../tools/verb-index.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const nameOf = (usage: string) => usage.split(" ")[0] ?? "";

test("each verb is called as its file is", () => {
  expect(ALL_VERBS.map(({ usage }) => nameOf(usage))).toEqual(verbFiles().map(verbOf));
});

test("each verb has its line in the document of verbs, whichever room it is in", () => {
  const document = readFileSync(join(root, "docs", "cli.md"), "utf8");
  const missing = ALL_VERBS.filter(({ usage }) => !document.includes(`| \`${usage}`));
  expect(missing.map(({ usage }) => usage)).toEqual([]);
});

test("a new file is a new line of the index, and nothing else", () => {
  const [before, after] = [verbIndex(), verbIndex([...verbFiles(), "steer/wait-a-bit.ts"])];
  const added = after.split("\n").filter((line) => !before.split("\n").includes(line));
  expect(added).toEqual([
    'import { definition as waitABit } from "./steer/wait-a-bit.ts";',
    '  { room: "steer", ...waitABit },',
  ]);
});

test("no two verbs want the same place in the help", () => {
  expect(new Set(ALL_VERBS.map(({ order }) => order)).size).toBe(ALL_VERBS.length);
});

test("the verbs that write take --force-ownership, those on a stack --stack and --json, and the others neither", () => {
  for (const command of createProgram(0).commands) {
    const works = ALL_VERBS.find(({ usage }) => nameOf(usage) === command.name())?.works;
    const flags = command.options.map(({ long }) => long);
    const has = [flags.includes("--stack"), flags.includes("--force-ownership")];
    expect([command.name(), ...has]).toEqual([command.name(), works !== "alone", works === "writes"]);
  }
});

test("a command line is read without what a verb needs to run: no SDK, no engine, no local cloud, no adapter", () => {
  const loaded = `
    const { registerHooks } = await import("node:module");
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    const { createProgram } = await import("./cli/program.ts");
    createProgram(0);
    console.log(JSON.stringify(urls));`;
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", loaded], { cwd: root });
  const urls: unknown = JSON.parse(said.toString());
  expect(urls).toContainEqual(expect.stringContaining("/cli/verbs/release/revert.ts"));
  expect(urls).not.toContainEqual(
    expect.stringMatching(
      /@pulumi|@aws-sdk|@grpc|undici\/|\/packages\/|\/validation\/(?!stack\/init\/)|\/cli\/(actions|flow)/,
    ),
  );
});
