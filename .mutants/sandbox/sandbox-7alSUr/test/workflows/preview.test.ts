import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { PROJECT_DIRECTORY } from "./support/desk.ts";
import { givenDesk, LONG } from "./support/given-desk.ts";
import { runWorkflow } from "./support/runner.ts";

/** A pull request of a repository. */
const from = (fullName: string) => ({
  event_name: "pull_request",
  event: { pull_request: { number: 7, head: { repo: { full_name: fullName } } } },
});

/** What the branch changes: a threshold, in the stack's file. */
async function merge(workspace: string): Promise<void> {
  const path = join(workspace, PROJECT_DIRECTORY, "Pulumi.local.yaml");
  const file = parseDocument(await readFile(path, "utf8"));
  file.setIn(["config", "thresholds"], { maxSlowRate: 0.2 });
  await writeFile(path, file.toString());
}

describe("given a stack, and a branch that changes a threshold, preview", () => {
  const here = givenDesk();

  it(
    "says in words what the branch would change, without a role, and nothing of a fork's",
    async () => {
      const run = await runWorkflow("preview.yml", { desk: here.desk, merge, github: from("octo/models") });
      expect(run.steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(run.jobs).toEqual({ diff: "success", comment: "success", preview: "skipped" });
      expect(run.summary).toContain("raises thresholds.maxSlowRate from 0.1 to 0.2");
      expect(run.summary).toContain("Compared with the file of the target branch");
      expect((await here.desk.asked()).at(-1)).toContain("pr comment 7");
      const fork = await runWorkflow("preview.yml", { desk: here.desk, github: from("eve/models") });
      expect(fork.jobs).toEqual({ diff: "skipped", comment: "skipped", preview: "skipped" });
    },
    LONG,
  );

  it(
    "shows each resource in the environment whose reviewers let the branch's code run",
    async () => {
      const vars = { AWS_PREVIEW_ROLE_ARN: "arn:aws:iam::000000000000:role/preview" };
      const run = await runWorkflow("preview.yml", {
        desk: here.desk,
        merge,
        vars,
        github: from("octo/models"),
      });
      expect(run.steps.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(run.jobs).toEqual({ diff: "success", comment: "success", preview: "success" });
      expect(run.summary).toContain("shifts nothing and moves nobody: blue 100 % · green 0 %");
      expect(run.summary).toContain("here they have a dummy in place of the test token");
    },
    LONG,
  );
});
