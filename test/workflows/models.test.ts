import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startShell } from "./support/shell.ts";
import { readWorkflow } from "./support/workflow.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bluegreen-models-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What a step of a workflow's own file calls, in the shell that GitHub gives it. */
async function called(file: string, job: string, verb: string, stacks: string): Promise<readonly string[]> {
  const calls = join(directory, "calls.log");
  await writeFile(calls, "");
  await writeFile(join(directory, "npx"), `#!/bin/sh\necho "$*" >> "${calls}"\n`);
  await chmod(join(directory, "npx"), 0o755);
  const env = {
    PATH: `${directory}:/usr/bin:/bin`,
    BLUEGREEN_STACK: "prod",
    STACKS: stacks,
    GITHUB_STEP_SUMMARY: join(directory, "summary"),
    GITHUB_OUTPUT: join(directory, "output"),
  };
  const { steps = [] } = readWorkflow(file).jobs[job] ?? {};
  const step = steps.find(({ run }) => run?.includes(`npx bluegreen ${verb}`));
  expect(await startShell(step?.run ?? "exit 1", directory, env).ended).toMatchObject({ exitCode: 0 });
  return (await readFile(calls, "utf8")).trimEnd().split("\n");
}

describe("a workflow of a stack with several models", () => {
  it.each<readonly [string, string, string]>([
    ["apply.yml", "apply", "sync"],
    ["apply.yml", "apply", "diff"],
    ["apply.yml", "apply", "status"],
    ["preview.yml", "diff", "diff --base HEAD^1"],
    ["preview.yml", "preview", "sync --only-file"],
  ])("%s · %s asks `%s` of each model that is named, and else of the only one", async (file, job, verb) => {
    const many = await called(file, job, verb, "dev prod/fraud pre-prod/fraud prod/churn");
    expect(many).toEqual(["fraud", "churn"].map((model) => `bluegreen ${verb} --model ${model}`));
    expect(await called(file, job, verb, "dev prod")).toEqual([`bluegreen ${verb}`]);
    expect(await called(file, job, verb, "")).toEqual([`bluegreen ${verb}`]);
  });

  it.each(["release.yml", "revert.yml", "steer.yml"])("%s is told which model it is of", (file) => {
    const { on, env } = readWorkflow(file);
    expect(env).toMatchObject({ BLUEGREEN_MODEL: "${{ inputs.model }}" });
    for (const event of ["workflow_dispatch", "workflow_call"])
      expect(on[event]).toMatchObject({ inputs: { model: { required: false, default: "" } } });
  });
});
