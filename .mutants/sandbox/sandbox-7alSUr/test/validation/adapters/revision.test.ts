import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stackFiles } from "../../../validation/adapters/pulumi/revision.ts";
import { diffOfFiles } from "../../../validation/insight/diff.ts";
import { PROJECT } from "../../support/project.ts";

const IMAGE = `repo/model@sha256:${"a".repeat(64)}`;
const FILE = `secretsprovider: awskms://alias/fraud?region=eu-central-1
encryptedkey: AAAA
config:
  ${PROJECT}:blue: { image: "${IMAGE}", modelVersion: "1", overrides: { environment: { KEY: { secure: one } } } }
  ${PROJECT}:generation: 3
  ${PROJECT}:thresholds: { maxErrorRate: 0.02 }
  ${PROJECT}:service: { testCidrs: ["10.0.0.0/8"] }
  ${PROJECT}:testToken: { secure: token-1 }
`;

let root: string;
/** Not the top of the repository: a project may be one of several. */
const directory = () => join(root, "models");
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
const write = (text: string) => writeFile(join(directory(), "Pulumi.prod.yaml"), text);
const compared = async (revision = "HEAD") =>
  diffOfFiles(await stackFiles({ directory: directory(), stack: "prod", project: PROJECT }, revision));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bluegreen-revision-"));
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "empty");
  await mkdir(directory());
  await write(FILE);
  git("add", "--all");
  git("commit", "--quiet", "--message", "the stack");
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("diff --base", () => {
  test("says what a branch changes in the words of diff, with no key for the secrets", async () => {
    await write(FILE.replace("maxErrorRate: 0.02", "maxErrorRate: 0.04"));
    const { exitCode, words } = await compared();
    expect(exitCode).toBe(0);
    expect(words).toEqual([
      "shifts nothing and moves nobody: blue 100 % · green 0 %",
      "raises thresholds.maxErrorRate from 0.02 to 0.04",
    ]);
  });

  test("finds a file that is the same to be the same, secrets included", async () => {
    await write(`# a comment\n${FILE}`);
    expect((await compared()).sentence).toBe("changes nothing that is configured");
  });

  test("says that a secret was changed, and of neither what it is", async () => {
    await write(FILE.replace("token-1", "token-2"));
    const outcome = await compared();
    expect(outcome.words).toContain("changes testToken");
    expect(JSON.stringify(outcome)).not.toMatch(/token-[12]|[0-9a-f]{64}/);
  });

  test("says what pulumi up would refuse", async () => {
    await write(FILE.replace("maxErrorRate: 0.02", "maxErrorRate: 7"));
    const outcome = await compared();
    expect(outcome.exitCode).toBe(64);
    expect(outcome.refused.join()).toContain("thresholds.maxErrorRate is 7");
  });

  test("names an edit of a key that belongs to the tools", async () => {
    await write(FILE.replace("generation: 3", "generation: 4"));
    expect((await compared()).sentence).toContain("leaves out generation");
  });

  test("takes a revision without the file for an empty one", async () => {
    expect((await compared("HEAD^1")).words).toContain("lowers thresholds.maxErrorRate from 0.05 to 0.02");
  });

  test("refuses a revision that is not there, and what only looks like one", async () => {
    for (const revision of ["HEAD^9", "--output=x", "main:file"]) {
      await expect(compared(revision)).rejects.toMatchObject({ code: "BG291", exitCode: 64 });
    }
  });

  test("refuses a file of before that this version does not take", async () => {
    await write(FILE.replace("maxErrorRate: 0.02", "maxErrorRate: 7"));
    git("commit", "--quiet", "--all", "--message", "wrong");
    await expect(compared()).rejects.toMatchObject({ code: "BG292" });
  });
});
