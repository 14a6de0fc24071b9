import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalPlace } from "../../../cli/local/place.ts";
import { programs, type GithubRun } from "./programs.ts";
import { root } from "./workflow.ts";

/** What a local machine has instead of GitHub: a repository to clone from, and programs under the names that a runner has. */
export interface Desk {
  /**
   * A clean clone of the repository's main branch, with the stack's file in it and the stack's state beside it. `merge`:
   * what a commit on top of it changes.
   */
  clone(merge?: (workspace: string) => Promise<void>): Promise<string>;
  /** What KMS does for whoever may decrypt: from now on this clone opens the stacks' secrets. */
  openSecrets(workspace: string): Promise<void>;
  /** Commits all that is new in a clone, as a person does, and pushes it to main. */
  push(workspace: string, message: string): void;
  /** First on PATH: `npm`, `pulumi` and `gh`. */
  readonly bin: string;
  /** The origin's branches. */
  branches(): readonly string[];
  /** The stack file on a branch of the origin. */
  stackFile(branch: string, stack?: string): string;
  /** What was asked of GitHub, in order: the arguments of `gh`, and with which token. */
  asked(): Promise<readonly string[]>;
  /** A run of a workflow begins; GitHub says of it what it is told here. */
  begin(run: Omit<GithubRun, "status">): Promise<{ is(status: GithubRun["status"]): Promise<void> }>;
  /** Makes an environment, with reviewers or without; one that was never made asks nobody (GitHub makes it then). */
  setEnvironment(name: string, reviewed: boolean): Promise<void>;
  hasReviewers(environment: string): boolean;
  close(): Promise<void>;
}

/** Directory of the local project in a clone, where BLUEGREEN_LOCAL_DIRECTORY points. */
export const PROJECT_DIRECTORY = "stack";

export async function openDesk(place: LocalPlace): Promise<Desk> {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-workflows-"));
  try {
    return await openDeskIn(directory, place);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function openDeskIn(directory: string, place: LocalPlace): Promise<Desk> {
  const origin = join(directory, "origin.git");
  const bin = join(directory, "bin");
  const log = join(directory, "gh.log");
  const github = join(directory, "github.json");
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

  await makeOrigin({ git, directory, origin, place });
  await mkdir(bin);
  const runs: GithubRun[] = [];
  const environments: Record<string, boolean> = {};
  const save = () => writeFile(github, JSON.stringify({ runs, environments }));
  await save();
  for (const [name, source] of Object.entries(programs(log, github))) {
    await writeFile(join(bin, name), source);
    await chmod(join(bin, name), 0o755);
  }

  let clones = 0;
  return {
    bin,
    async clone(merge) {
      const workspace = join(directory, `workspace-${(clones += 1)}`);
      git(directory, "clone", "--quiet", "--branch", "main", origin, workspace);
      if (merge !== undefined) {
        await merge(workspace);
        git(workspace, "commit", "--quiet", "--all", "--message", "Merge the branch");
      }
      // A backend of AWS is not in the checkout either: state, locks and the cloud's address are the stack's own.
      const own = join(workspace, PROJECT_DIRECTORY);
      await mkdir(join(own, "pulumi"));
      for (const shared of ["pulumi/stacks", "pulumi/history", "pulumi/locks"]) {
        await mkdir(join(place.directory, shared), { recursive: true });
        await symlink(join(place.directory, shared), join(own, shared));
      }
      await symlink(join(place.directory, "endpoint.json"), join(own, "endpoint.json"));
      return workspace;
    },
    async openSecrets(workspace) {
      const key = join("pulumi", "secrets.key");
      await rm(join(workspace, PROJECT_DIRECTORY, key), { force: true });
      await symlink(join(place.directory, key), join(workspace, PROJECT_DIRECTORY, key));
    },
    push(workspace, message) {
      git(workspace, "add", "*.yaml");
      git(workspace, "commit", "--quiet", "--message", message);
      git(workspace, "push", "--quiet", "origin", "HEAD:main");
    },
    branches: () => git(origin, "branch", "--format=%(refname:short)").trim().split("\n"),
    stackFile: (branch, stack = "local") =>
      git(origin, "show", `${branch}:${PROJECT_DIRECTORY}/Pulumi.${stack}.yaml`),
    asked: async () =>
      (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    async begin(run) {
      const index = runs.push({ ...run, status: "in_progress" }) - 1;
      await save();
      return {
        async is(status) {
          runs[index] = { ...run, status };
          await save();
        },
      };
    },
    async setEnvironment(name, reviewed) {
      environments[name] = reviewed;
      await save();
    },
    hasReviewers: (environment) => environments[environment] === true,
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The repository as GitHub has it: this checkout's last commit, and the project of the local cloud in a folder of it. */
async function makeOrigin(given: {
  readonly git: (cwd: string, ...args: string[]) => string;
  readonly directory: string;
  readonly origin: string;
  readonly place: LocalPlace;
}): Promise<void> {
  const { git, directory, origin, place } = given;
  const first = join(directory, "first");
  git(directory, "clone", "--quiet", root, first);
  git(first, "checkout", "--quiet", "-B", "main");
  await mkdir(join(first, PROJECT_DIRECTORY));
  const project = await readFile(join(place.directory, "Pulumi.yaml"), "utf8");
  await writeFile(
    join(first, PROJECT_DIRECTORY, "Pulumi.yaml"),
    project.replace(/^main: .*$/m, "main: ../infra/start.js"),
  );
  await cp(join(place.directory, "Pulumi.local.yaml"), join(first, PROJECT_DIRECTORY, "Pulumi.local.yaml"));
  git(first, "add", PROJECT_DIRECTORY);
  git(first, "commit", "--quiet", "--message", "The stack");
  git(directory, "clone", "--quiet", "--bare", first, origin);
}
