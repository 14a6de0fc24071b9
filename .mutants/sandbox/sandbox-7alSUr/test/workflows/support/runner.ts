import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fill, isDue, type Contexts } from "./expression.ts";
import { PROJECT_DIRECTORY, type Desk } from "./desk.ts";
import { readOutputs } from "./outputs.ts";
import { startShell, type Shell } from "./shell.ts";
import {
  readAction,
  readWorkflow,
  stepName,
  type Job,
  type WorkflowStep,
  type Workflow,
} from "./workflow.ts";

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
  /** A reviewer of an environment that has some, asked by each job in it; the run is `waiting` until there is a word. */
  readonly review?: (environment: string, job: string) => Promise<"approved" | "rejected">;
}

export interface RanStep {
  readonly job: string;
  readonly step: string;
}

/** One job's step of release.yml that may move users. */
export const isTurn = ({ job, step }: RanStep): boolean => job === "rollout" && step === "One step";

export interface WorkflowRun {
  readonly jobs: Readonly<Record<string, JobResult>>;
  /** Every `run:` step that ran, with how it ended. */
  readonly steps: readonly (RanStep & { readonly exitCode: number | undefined; readonly output: string })[];
  readonly died: boolean;
  readonly summary: string;
}

type JobResult = "success" | "failure" | "skipped";

class RunnerDied extends Error {}

/** The repository's variables; each environment has a role of its own, named as the local cloud names it. */
function varsOf(vars: Readonly<Record<string, string>>, environment: string | undefined) {
  if (environment === undefined) return vars;
  const [, stack = "", use] = /^(.+?)(?:-(revert|steer|tick|preview))?$/.exec(environment) ?? [];
  const role = use === "revert" ? "revert" : "deploy";
  return { ...vars, AWS_ROLE_ARN: `${ROLE}${stack === "local" ? role : `${stack}-${role}`}` };
}
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
  const { desk, inputs = {}, vars: own = {}, secrets = {} } = options;
  const vars = { ...VARS, ...own };
  const title = String(fill(workflow["run-name"] ?? workflow.name, { github, inputs, vars }));
  const onGithub = await desk.begin({ workflow: file, title });
  const run = { file, workflow, options, scratch, steps, runId, github, onGithub };
  let died = false;
  try {
    for (const [name, job] of Object.entries(workflow.jobs)) {
      const results = [job.needs ?? []].flat().map((need) => needs[need]?.result);
      const contexts = { github, inputs, vars, secrets, needs };
      const failed = results.some((result) => result !== "success");
      needs[name] = isDue(job.if, contexts, { failed })
        ? await runJob(run, name, job, contexts)
        : { result: "skipped", outputs: {} };
    }
  } catch (error) {
    if (!(error instanceof RunnerDied)) throw error;
    died = true;
  } finally {
    await onGithub.is("completed");
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
  readonly onGithub: Awaited<ReturnType<Desk["begin"]>>;
}

/** A job without a matrix, or one after the other of a matrix, which stops at the first failure where it says so. */
async function runJob(run: Run, name: string, job: Job, contexts: Contexts) {
  const { strategy } = job;
  if (strategy === undefined) return runOnce(run, name, job, contexts);
  const [[variable, template] = ["", undefined], ...others] = Object.entries(strategy.matrix);
  const values = fill(template, contexts);
  if (others.length > 0 || !Array.isArray(values) || strategy["max-parallel"] !== 1) {
    throw new Error(`the interpreter runs a matrix of one variable, one after the other: ${name}`);
  }
  let outputs: Record<string, unknown> = {};
  let result: JobResult = "success";
  for (const value of values) {
    const done = await runOnce(run, name, job, { ...contexts, matrix: { [variable]: value } });
    // GitHub: of the jobs of a matrix the last one that sets an output has it.
    outputs = { ...outputs, ...done.outputs };
    if (done.result === "success") continue;
    result = done.result;
    // GitHub: what nobody says is true.
    if (strategy["fail-fast"] !== false) break;
  }
  return { result, outputs };
}

async function runOnce(run: Run, name: string, job: Job, outer: Contexts) {
  const environment = job.environment === undefined ? undefined : String(fill(job.environment, outer));
  const vars = { ...VARS, ...run.options.vars };
  const contexts = { ...outer, vars: varsOf(vars, environment) };
  if (environment !== undefined && !(await mayEnter(run, environment, name))) {
    return { result: "failure" as const, outputs: {} };
  }
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

/** GitHub: a job in an environment with reviewers waits for one of them, and fails where that one says no. */
async function mayEnter({ options, onGithub }: Run, environment: string, job: string): Promise<boolean> {
  if (!options.desk.hasReviewers(environment)) return true;
  if (options.review === undefined) throw new Error(`${job} waits for a reviewer of ${environment} for ever`);
  await onGithub.is("waiting");
  const said = await options.review(environment, job);
  await onGithub.is("in_progress");
  return said === "approved";
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
  step: WorkflowStep,
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

/** The actions that our workflows use, as far as a local machine has what they are for. */
async function useAction(
  run: Run,
  job: string,
  step: WorkflowStep,
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
    const exists = existsSync(join(state.workspace, given["path"] ?? ""));
    if (!exists && given["if-no-files-found"] !== "ignore") throw new Error(`${given["path"]} is not there`);
    if (!exists) return;
    await appendFile(join(run.scratch, "summary.md"), `artifact ${given["name"]}\n`);
    // The action's README, "Outputs".
    const outputs = { "artifact-url": `https://github.com/${given["name"]}` };
    if (step.id !== undefined) state.outputs[step.id] = { outputs };
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
    // What the roles of bootstrap/ may: revert opens no secret.
    if (!state.role.endsWith("revert")) await run.options.desk.openSecrets(state.workspace);
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
