import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const root = join(import.meta.dirname, "../../..");
const folder = join(root, ".github/workflows");

/** A workflow as it stands in its file; what is not listed is read where it is needed. */
export interface Workflow {
  readonly name: string;
  readonly "run-name"?: string;
  readonly permissions?: unknown;
  readonly concurrency?: {
    readonly group: string;
    readonly "cancel-in-progress": unknown;
    readonly queue?: unknown;
  };
  readonly env?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job {
  readonly if?: string;
  readonly "runs-on"?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly "timeout-minutes"?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly "max-parallel"?: number;
    readonly "fail-fast"?: boolean;
    readonly matrix: Readonly<Record<string, unknown>>;
  };
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const workflowFiles = (): readonly string[] =>
  readdirSync(folder).filter((file) => file.endsWith(".yml"));
export const workflowSource = (file: string): string => readFileSync(join(folder, file), "utf8");
// The shape is what the rules and the interpreter look at; actionlint holds the files to GitHub's own schema.
export const readWorkflow = (file: string): Workflow => parse(workflowSource(file)) as Workflow;

/** The steps of a composite action of this repository. */
export function readAction(path: string): {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly steps: readonly WorkflowStep[];
} {
  const { inputs, runs } = parse(readFileSync(join(root, path, "action.yml"), "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
    readonly runs: { readonly steps: readonly WorkflowStep[] };
  };
  return { inputs, steps: runs.steps };
}

export const stepName = ({ name, id, uses, run }: WorkflowStep): string =>
  name ?? id ?? uses ?? run?.trim().split("\n")[0] ?? "a step";
