import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startShell } from "./support/shell.ts";
import { readWorkflow, workflowSource } from "./support/workflow.ts";

/** A release run as GitHub's API names it: `display_title` is what `run-name` says. */
interface Run {
  readonly status: "in_progress" | "queued" | "waiting" | "pending";
  readonly title: string;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bluegreen-tick-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What `run-name` of release.yml makes of its inputs. */
function titleOf(version: string, stack: string): string {
  const { "run-name": name } = parse(workflowSource("release.yml")) as { readonly "run-name": string };
  return name.replace("${{ inputs.model-version }}", version).replace("${{ inputs.stack }}", stack);
}

/** The job `look` of the workflow's own file, in the shell that GitHub gives it, with `gh` as `gh run list` answers. */
async function activeRuns(runs: readonly Run[]): Promise<string | undefined> {
  const gh = `#!${process.execPath}
const args = process.argv;
const status = args[args.indexOf("--status") + 1];
const fields = args[args.indexOf("--json") + 1].split(",");
const runs = ${JSON.stringify(runs)}.filter((run) => run.status === status);
console.log(JSON.stringify(runs.map(({ title }, at) =>
  Object.fromEntries(fields.map((field) => [field, { displayTitle: title, databaseId: at }[field]])))));`;
  await writeFile(join(directory, "gh"), gh);
  await chmod(join(directory, "gh"), 0o755);
  const output = join(directory, "output");
  const env = {
    PATH: `${directory}:${dirname(process.execPath)}:/usr/bin:/bin`,
    GITHUB_OUTPUT: output,
    BLUEGREEN_STACK: "prod",
  };
  const [step] = readWorkflow("tick.yml").jobs["look"]?.steps ?? [];
  const ran = await startShell(step?.run ?? "exit 1", directory, env).ended;
  expect(ran).toMatchObject({ exitCode: 0 });
  return /^active=(.*)$/m.exec(await readFile(output, "utf8"))?.[1];
}

describe("a tick of prod", () => {
  it.each<readonly [string, readonly Run[], string]>([
    ["no run at all", [], "0"],
    ["a release of prod that is at work", [{ status: "in_progress", title: titleOf("2", "prod") }], "1"],
    ["a release of prod that waits for a runner", [{ status: "queued", title: titleOf("2", "prod") }], "1"],
    [
      "a release of prod that waits for a reviewer",
      [{ status: "waiting", title: titleOf("2", "prod") }],
      "0",
    ],
    [
      "a release of prod that waits for another one",
      [{ status: "pending", title: titleOf("2", "prod") }],
      "0",
    ],
    [
      "a release of staging that is at work",
      [{ status: "in_progress", title: titleOf("2", "staging") }],
      "0",
    ],
    [
      "a release of staging that waits for its reviewer",
      [{ status: "waiting", title: titleOf("2", "staging") }],
      "0",
    ],
    [
      "one of a stack whose name ends the same",
      [{ status: "in_progress", title: titleOf("2", "pre-prod") }],
      "0",
    ],
    [
      "one whose version only looks like it",
      [{ status: "in_progress", title: titleOf("2 to prod", "staging") }],
      "0",
    ],
  ])("counts, of %s", async (_title, runs, count) => {
    expect(await activeRuns(runs)).toBe(count);
  });
});
