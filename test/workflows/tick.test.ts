import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fill } from "./support/expression.ts";
import { programs } from "./support/programs.ts";
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
function titleOf(version: string, stack: string, model = ""): string {
  const { "run-name": name } = parse(workflowSource("release.yml")) as { readonly "run-name": string };
  return String(fill(name, { inputs: { "model-version": version, stack, model } }));
}

/** The job `look` of the workflow's own file, in the shell that GitHub gives it, with `gh` as GitHub answers it. */
async function lookedAt(runs: readonly Run[], environments = NOBODY_ASKED, stacks = "prod") {
  const github = join(directory, "github.json");
  const told = runs.map((run) => ({ ...run, workflow: "release.yml" }));
  await writeFile(github, JSON.stringify({ runs: told, environments }));
  await writeFile(join(directory, "gh"), programs(join(directory, "gh.log"), github)["gh"] ?? "");
  await chmod(join(directory, "gh"), 0o755);
  const output = join(directory, "output");
  const env = {
    PATH: `${directory}:${dirname(process.execPath)}:/usr/bin:/bin`,
    GITHUB_OUTPUT: output,
    GITHUB_REPOSITORY: "octo/models",
    STACKS: stacks,
  };
  const [step] = readWorkflow("tick.yml").jobs["look"]?.steps ?? [];
  const ran = await startShell(step?.run ?? "exit 1", directory, env).ended;
  expect(ran).toMatchObject({ exitCode: 0 });
  const [, looks = ""] = /^looks=(.*)$/m.exec(await readFile(output, "utf8")) ?? [];
  return { looks: JSON.parse(looks) as unknown, said: ran.output };
}

/** Environments that there are, and whether they have reviewers. */
const NOBODY_ASKED: Readonly<Record<string, boolean>> = { prod: false };
const itself = (stack: string, model = "") => ({
  stack,
  model,
  evidence: model === "" ? `evidence-${stack}` : `evidence-${stack}-${model}`,
  environment: stack,
  watch: "",
});

describe("a tick", () => {
  it.each<readonly [string, readonly Run[], boolean]>([
    ["no run at all", [], true],
    ["a release of prod that is at work", [{ status: "in_progress", title: titleOf("2", "prod") }], false],
    ["a release of prod that waits for a runner", [{ status: "queued", title: titleOf("2", "prod") }], false],
    [
      "a release of prod that waits for a reviewer",
      [{ status: "waiting", title: titleOf("2", "prod") }],
      true,
    ],
    [
      "a release of prod that waits for another one",
      [{ status: "pending", title: titleOf("2", "prod") }],
      true,
    ],
    [
      "a release of staging that is at work",
      [{ status: "in_progress", title: titleOf("2", "staging") }],
      true,
    ],
    [
      "a release of staging that waits for its reviewer",
      [{ status: "waiting", title: titleOf("2", "staging") }],
      true,
    ],
    [
      "one of a stack whose name ends the same",
      [{ status: "in_progress", title: titleOf("2", "pre-prod") }],
      true,
    ],
    [
      "one whose version only looks like it",
      [{ status: "in_progress", title: titleOf("2 to prod", "staging") }],
      true,
    ],
  ])("looks at prod, unless it is watched: %s", async (_title, runs, looks) => {
    expect((await lookedAt(runs)).looks).toEqual(looks ? [itself("prod")] : []);
  });

  it("looks at each of its stacks that nobody watches", async () => {
    const runs: readonly Run[] = [{ status: "in_progress", title: titleOf("2", "eu") }];
    const { looks } = await lookedAt(runs, { prod: false, eu: false }, " prod eu  dev\n");
    // GitHub makes the environment of dev when a job first names it; it asks nobody.
    expect(looks).toEqual([itself("prod"), itself("dev")]);
  });

  it("only watches a stack whose jobs wait for reviewers, from an environment without them", async () => {
    const runs: readonly Run[] = [{ status: "waiting", title: titleOf("2", "prod") }];
    const { looks } = await lookedAt(runs, { prod: true, "prod-tick": false });
    expect(looks).toEqual([{ ...itself("prod"), environment: "prod-tick", watch: "--watch" }]);
  });

  it("looks at each model of a stack by itself: a release of one watches no other", async () => {
    const runs: readonly Run[] = [{ status: "in_progress", title: titleOf("2", "prod", "fraud") }];
    const { looks } = await lookedAt(runs, NOBODY_ASKED, "prod/fraud prod/churn");
    expect(looks).toEqual([itself("prod", "churn")]);
  });

  it.each<readonly [string, Readonly<Record<string, boolean>>]>([
    ["there is none", { prod: true }],
    ["it has reviewers, too", { prod: true, "prod-tick": true }],
  ])("says that the watchdog is alone when %s, and waits for nobody", async (_title, environments) => {
    const { looks, said } = await lookedAt([], environments);
    expect(looks).toEqual([]);
    expect(said).toContain("::warning::Only the watchdog watches prod");
  });
});
