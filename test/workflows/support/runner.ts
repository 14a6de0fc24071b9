import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fill, isDue, type Contexts } from "./expression.ts";
import { PROJECT_DIRECTORY, type Desk } from "./desk.ts";
import { startShell, type Shell } from "./shell.ts";
import { readAction, readWorkflow, stepName, type Job, type Step, type Workflow } from "./workflow.ts";

export interface RunOptions {
  readonly desk: Desk;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly github?: Readonly<Record<string, unknown>>;
  /** Of the repository's variables and secrets, beside those that every run has. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What the pull request does to the target branch: called in each clone, and committed there as GitHub's merge. */
  readonly merge?: (workspace: string) => Promise<void>;
  /**
   * Asked before each `run:` step of a job, with its number in the whole run; "die": the runner is gone, and nothing
   * follows. A function is called with the shell of the step as soon as it runs.
   */
  readonly before?: (ran: RanStep, index: number) => "die" | ((shell: Shell) => void) | undefined;
}

export interface RanStep {
  readonly job: string;
  readonly step: string;
}

export interface WorkflowRun {
  readonly jobs: Readonly<Record<string, JobResult>>;
  /** Every `run:` step that ran, with how it ended. */
  readonly steps: readonly (RanStep & { readonly exitCode: number | undefined; readonly output: string })[];
  readonly died: boolean;
  readonly summary: string;
}

type JobResult = "success" | "failure" | "skipped";

class RunnerDied extends Error {}

/** The repository's variables; each environment has a role of its own. */
const varsOf = (vars: Readonly<Record<string, string>>, environment: unknown) => ({
  ...vars,
  ...(environment === undefined
    ? {}
    : { AWS_ROLE_ARN: `${ROLE}${String(environment).endsWith("-revert") ? "revert" : "deploy"}` }),
});
const ROLE = "arn:aws:iam::000000000000:role/";
const VARS = {
  BLUEGREEN_STACK: "local",
  AWS_REGION: "us-east-1",
};
let runs = 0;

/** Runs a workflow's jobs in order, each in a clean clone, each `run:` step in the shell that GitHub would give it. */
export async function runWorkflow(file: string, options: RunOptions): Promise<WorkflowRun> {
  const scratch = await mkdtemp(join(tmpdir(), "bluegreen-runner-"));
  try {
    return await runIn(scratch, file, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runIn(scratch: string, file: string, options: RunOptions): Promise<WorkflowRun> {
  const workflow = readWorkflow(file);
  const needs: Record<string, { result: JobResult; outputs: Record<string, unknown> }> = {};
  const steps: WorkflowRun["steps"][number][] = [];
  const runId = String((runs += 1));
  const github = {
    repository: "octo/models",
    sha: "0123456789abcdef0123456789abcdef01234567",
    ref: "refs/heads/main",
    token: "token",
    event_name: "workflow_dispatch",
    event: {},
    ...options.github,
  };
  const run = { file, workflow, options, scratch, steps, runId, github };
  let died = false;
  try {
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const own = [job.needs ?? []].flat();
      const results = own.map((need) => needs[need]?.result);
      const { inputs = {}, vars = {}, secrets = {} } = options;
      const contexts = { github, inputs, vars: { ...VARS, ...vars }, secrets, needs };
      const failed = results.some((result) => result !== "success");
      needs[name] = isDue(job.if, contexts, { failed })
        ? await runJob(run, name, job, contexts)
        : { result: "skipped", outputs: {} };
    }
  } catch (error) {
    if (!(error instanceof RunnerDied)) throw error;
    died = true;
  }
  const summary = await readFile(join(scratch, "summary.md"), "utf8").catch(() => "");
  const jobs = Object.fromEntries(Object.entries(needs).map(([name, { result }]) => [name, result]));
  return { jobs, steps, died, summary };
}

interface Run {
  readonly file: string;
  readonly workflow: Workflow;
  readonly options: RunOptions;
  readonly scratch: string;
  readonly steps: WorkflowRun["steps"][number][];
  readonly runId: string;
  readonly github: Readonly<Record<string, unknown>>;
}

/** A job without a matrix, or one after the other of a matrix that stops at the first failure. */
async function runJob(run: Run, name: string, job: Job, contexts: Contexts) {
  const { strategy } = job;
  if (strategy === undefined) return runOnce(run, name, job, contexts);
  const [[variable, template] = ["", undefined], ...others] = Object.entries(strategy.matrix);
  const values = fill(template, contexts);
  if (
    others.length > 0 ||
    !Array.isArray(values) ||
    strategy["max-parallel"] !== 1 ||
    strategy["fail-fast"] !== true
  ) {
    throw new Error(`the interpreter runs a matrix of one variable, one after the other: ${name}`);
  }
  let outputs: Record<string, unknown> = {};
  for (const value of values) {
    const done = await runOnce(run, name, job, { ...contexts, matrix: { [variable]: value } });
    // GitHub: of the jobs of a matrix the last one that sets an output has it.
    outputs = { ...outputs, ...done.outputs };
    if (done.result !== "success") return { ...done, outputs };
  }
  return { result: "success" as const, outputs };
}

async function runOnce(run: Run, name: string, job: Job, outer: Contexts) {
  const vars = { ...VARS, ...run.options.vars };
  const contexts = { ...outer, vars: varsOf(vars, fill(job.environment, outer)) };
  const workspace = await run.options.desk.clone(run.options.merge);
  const env = { ...filled(run.workflow.env, contexts), ...filled(job.env, contexts) };
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const state: JobState = { workspace, env, outputs, failed: false, role: undefined };
  for (const step of job.steps) await runStep(run, name, step, contexts, state);
  const given = Object.entries(job.outputs ?? {}).map(
    ([key, template]) => [key, fill(template, { ...contexts, steps: outputs })] as const,
  );
  return {
    result: state.failed ? ("failure" as const) : ("success" as const),
    outputs: Object.fromEntries(given),
  };
}

interface JobState {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Record<string, { outputs: Record<string, string> }>;
  failed: boolean;
  /** Whose credentials the job has; the local cloud takes the name of a role for its access key. */
  role: string | undefined;
}

async function runStep(
  run: Run,
  job: string,
  step: Step,
  contexts: Contexts,
  state: JobState,
): Promise<void> {
  const own = { ...contexts, steps: state.outputs };
  if (!isDue(step.if, own, state)) return;
  if (step.uses !== undefined) return useAction(run, job, step, own, state);
  const ran = { job, step: stepName(step) };
  const asked = run.options.before?.(ran, run.steps.length);
  if (asked === "die") throw new RunnerDied();
  const outputPath = join(run.scratch, `output-${run.steps.length}`);
  const env = { ...environmentOf(run, state), ...filled(step.env, own), GITHUB_OUTPUT: outputPath };
  const shell = startShell(step.run ?? "", state.workspace, env);
  asked?.(shell);
  const ended = await shell.ended;
  run.steps.push({ ...ran, ...ended });
  if (ended.exitCode === undefined) throw new RunnerDied();
  if (ended.exitCode !== 0) state.failed = true;
  const written = await readFile(outputPath, "utf8").catch(() => "");
  if (step.id !== undefined) state.outputs[step.id] = { outputs: readOutputs(written) };
}

function environmentOf(run: Run, { workspace, env, role }: JobState): Readonly<Record<string, string>> {
  const { desk } = run.options;
  return {
    HOME: process.env["HOME"] ?? run.scratch,
    // Node 24 is what setup-node puts there.
    PATH: [desk.bin, dirname(process.execPath), process.env["PATH"]].join(":"),
    TMPDIR: run.scratch,
    // `npx` keeps a link to each clone there.
    npm_config_cache: join(run.scratch, "npm"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: String(run.github["repository"]),
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_RUN_ID: run.runId,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_SHA: String(run.github["sha"]),
    GITHUB_STEP_SUMMARY: join(run.scratch, "summary.md"),
    BLUEGREEN_LOCAL_ROLE: role ?? "nobody",
    BLUEGREEN_LOCAL_DIRECTORY: join(workspace, PROJECT_DIRECTORY),
    ...env,
  };
}

/** The actions that our workflows use, as far as a laptop has what they are for. */
async function useAction(
  run: Run,
  job: string,
  step: Step,
  contexts: Contexts,
  state: JobState,
): Promise<void> {
  const uses = step.uses ?? "";
  const given = filled(step.with, contexts);
  if (uses.startsWith("./")) {
    const { inputs, steps } = readAction(uses);
    const defaults = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, input.default ?? ""]),
    );
    for (const inner of steps) {
      await runStep(run, job, inner, { ...contexts, inputs: { ...defaults, ...given } }, state);
    }
    return;
  }
  const name = uses.split("@")[0] ?? "";
  if (name === "actions/upload-artifact") {
    const exists = await stat(join(state.workspace, given["path"] ?? "")).then(
      () => true,
      () => false,
    );
    if (!exists && given["if-no-files-found"] !== "ignore") throw new Error(`${given["path"]} is not there`);
    if (exists) await appendFile(join(run.scratch, "summary.md"), `artifact ${given["name"]}\n`);
    return;
  }
  if (name === "actions/create-github-app-token") {
    if (!given["client-id"] || !given["private-key"]) throw new Error(`${job}: no App, or no key of it`);
    if (step.id !== undefined) state.outputs[step.id] = { outputs: { token: "token-of-the-app" } };
    return;
  }
  if (name === "aws-actions/configure-aws-credentials") {
    state.role = given["role-to-assume"]?.split("/").at(-1);
    if (!state.role) throw new Error(`${job} assumes no role`);
  }
  const known = [
    "actions/checkout",
    "actions/setup-node",
    "aws-actions/configure-aws-credentials",
    "pulumi/actions",
  ];
  if (!known.includes(name)) throw new Error(`the interpreter does not know the action ${uses}`);
}

function filled(
  templates: Readonly<Record<string, string>> | undefined,
  contexts: Contexts,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(templates ?? {}).map(([name, template]) => [name, String(fill(template, contexts))]),
  );
}

/** `name=value`, or `name<<mark`, lines and the mark. */
function readOutputs(source: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = source.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const [, name, mark] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && mark !== undefined) {
      const end = lines.indexOf(mark);
      if (end < 0) throw new Error(`an output has no end: ${name}`);
      found[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join("\n");
    } else if (line.includes("=")) {
      found[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    } else if (line !== "") throw new Error(`not an output: ${line}`);
  }
  return found;
}
