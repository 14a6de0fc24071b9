import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalPlace } from "../../../cli/local/place.ts";
import { root } from "./workflow.ts";

/** What a laptop has instead of GitHub: a repository to clone from, and programs under the names that a runner has. */
export interface Desk {
  /**
   * A clean clone of the repository's main branch, with the stack's file in it and the stack's state beside it. `merge`:
   * what a commit on top of it changes.
   */
  clone(merge?: (workspace: string) => Promise<void>): Promise<string>;
  /** First on PATH: `npm`, `pulumi` and `gh`. */
  readonly bin: string;
  /** The origin's branches. */
  branches(): readonly string[];
  /** The stack file on a branch of the origin. */
  stackFile(branch: string): string;
  /** What was asked of GitHub, in order: the arguments of `gh`, and with which token. */
  asked(): Promise<readonly string[]>;
  /** Names of the release runs that GitHub says are in progress. */
  setActiveRuns(titles: readonly string[]): Promise<void>;
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
  const active = join(directory, "active-runs");
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

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
  await mkdir(bin);
  await writeFile(active, "[]");
  for (const [name, source] of Object.entries(programs(log, active))) {
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
      for (const shared of ["pulumi", "endpoint.json"]) {
        await symlink(join(place.directory, shared), join(workspace, PROJECT_DIRECTORY, shared));
      }
      return workspace;
    },
    branches: () => git(origin, "branch", "--format=%(refname:short)").trim().split("\n"),
    stackFile: (branch) => git(origin, "show", `${branch}:${PROJECT_DIRECTORY}/Pulumi.local.yaml`),
    asked: async () =>
      (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
    setActiveRuns: (titles) =>
      writeFile(active, JSON.stringify(titles.map((displayTitle) => ({ displayTitle })))),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * `npm ci` links the packages that are installed here; `pulumi` is the embedded engine's; `gh` writes down what it was
 * asked and answers what the steps go on with.
 */
function programs(log: string, active: string): Readonly<Record<string, string>> {
  return {
    npm: `#!/bin/bash
if [ "$1" != ci ]; then exec ${join(root, "node_modules/.bin/npm")} "$@"; fi
ln -s ${join(root, "node_modules")} node_modules
`,
    pulumi: `#!/bin/bash
exec npx bluegreen pulumi "$@"
`,
    gh: `#!/bin/bash
printf '%s\\n' "$* [$GH_TOKEN]" >> ${log}
case "$1 $2" in
  'api repos/'*'/deployments') echo 1 ;;
  'run list') if [[ "$*" == *in_progress* ]]; then cat ${active}; else echo '[]'; fi ;;
  'pr comment') cat > ${log}.comment ;;
esac
`,
  };
}
