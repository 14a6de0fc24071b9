import { join } from "node:path";
import { root } from "./workflow.ts";

/** A run of a workflow as GitHub's API tells of it. */
export interface GithubRun {
  readonly workflow: string;
  /** What `run-name` makes of its inputs. */
  readonly title: string;
  readonly status: "in_progress" | "queued" | "waiting" | "pending" | "completed";
}

/**
 * `npm ci` links the packages that are installed here; `pulumi` is the embedded engine's, which keeps
 * secrets with the key of its state in place of one of KMS; `gh` writes down in `log` what it
 * was asked, and answers with what the file `github` says what the steps go on with.
 */
export function programs(log: string, github: string): Readonly<Record<string, string>> {
  return {
    npm: `#!/bin/bash
if [ "$1" != ci ]; then exec ${join(root, "node_modules/.bin/npm")} "$@"; fi
ln -s ${join(root, "node_modules")} node_modules
`,
    pulumi: `#!/bin/bash
if [ "$1 $2 $4" = "stack init --secrets-provider" ]; then set -- stack init "$3"; fi
exec npx bluegreen pulumi "$@"
`,
    gh: `#!/bin/bash
printf '%s\\n' "$* [$GH_TOKEN]" >> ${log}
case "$1 $2" in
  'api repos/'*'/deployments') echo 1 ;;
  'api repos/'*'/environments/'* | 'run list') exec ${process.execPath} -e '${ANSWER}' ${github} "$@" ;;
  'pr comment') cat > ${log}.comment ;;
esac
`,
  };
}

/**
 * As GitHub answers: runs by workflow and status with the fields that were asked for; an environment with its protection
 * rules, or the body of a 404 on standard output and exit code 1 (GitHub CLI, cli/cli#14484).
 */
const ANSWER = `
const [file, command, what, ...rest] = process.argv.slice(1);
const { runs, environments } = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
const flag = (name) => rest[rest.indexOf(name) + 1];
if (command === "run") {
  const found = runs.filter((run) => run.workflow === flag("--workflow") && run.status === flag("--status"));
  console.log(JSON.stringify(found.map(({ title }) => ({ displayTitle: title }))));
} else {
  const name = what.split("/").at(-1);
  if (name in environments) {
    const rules = [{ type: "branch_policy" }, ...(environments[name] ? [{ type: "required_reviewers" }] : [])];
    console.log(JSON.stringify({ name, protection_rules: rules }));
  } else {
    console.log(JSON.stringify({ message: "Not Found", status: "404" }));
    console.error("gh: Not Found (HTTP 404)");
    process.exitCode = 1;
  }
}`;
