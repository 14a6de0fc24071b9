import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { localEngine } from "../../cli/local/engine.ts";

const ROOT = join(import.meta.dirname, "../..");

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "local-hints-"));
  return () => rm(directory, { recursive: true, force: true });
});

const bluegreen = (...args: string[]) =>
  new Promise<string>((resolve) => {
    const env = { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: directory };
    execFile(process.execPath, ["cli/main.ts", ...args], { cwd: ROOT, env }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });

// The packages know none of these commands: the command line hands them in.
it("a local cloud that cannot be brought back says how the stack is built anew", async () => {
  await mkdir(join(directory, "cloud"));
  await writeFile(join(directory, "cloud", "cloud.json"), "nonsense");
  expect(await bluegreen("local", "--port", "0")).toContain("`npx bluegreen pulumi refresh --yes`");
});

it("a stack with the CLI's secrets provider says how the CLI is chosen", async () => {
  await writeFile(join(directory, "Pulumi.yaml"), "name: fraud-model\nruntime: nodejs\nmain: index.ts\n");
  const engine = await localEngine({ root: ROOT, directory }, undefined);
  const words = ["stack", "init", "prod", "--secrets-provider", "awskms://alias/x"];
  const { stderr } = await engine.runPulumi(words, { cwd: directory });
  expect(stderr).toContain("use the Pulumi CLI (BLUEGREEN_ENGINE=cli)");
});
