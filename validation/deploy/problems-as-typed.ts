import { slotDrainProblems } from "../../contract/checks/drain-problems.ts";
import { showProblems, type Problem } from "../../contract/checks/problem.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { Slot } from "../../contract/slot.ts";
import { withChange, type KeyChange } from "../core/changes/changes.ts";
import { UserError } from "../errors.ts";
import type { Deployed } from "../ports.ts";

/** Refuses now what the rollout's first share would refuse later, with all problems at once. */
export function refuseProblems(
  raw: Deployed["raw"],
  slot: Slot,
  change: KeyChange,
  firstShare: KeyChange,
): void {
  for (const tried of [change, { ...change, ...firstShare }]) {
    const parsed = parseConfig(withChange(raw, tried));
    const problems = parsed.ok ? slotDrainProblems(parsed.config, slot) : parsed.problems;
    if (problems.length > 0) throw new UserError("BG112", showProblems(problems.map(asTyped)));
  }
}

/** The options of `deploy` by what they set. */
const OPTIONS: Readonly<Record<string, string>> = {
  image: "<image>",
  modelVersion: "--model-version <version>",
  minTasks: "--min-tasks <number>",
  maxTasks: "--max-tasks <number>",
  "overrides.capacity": "--capacity <kind>",
  "overrides.gpus": "--gpus <number>",
  "overrides.cpu": "--cpu <units>",
  "overrides.memory": "--memory <MiB>",
  "overrides.environment": "--env <NAME=value>",
  "service.port": "--port <number>",
  "service.healthPath": "--health-path <path>",
  "service.servingProtocol": "--protocol <name>",
  "service.modelName": "--model-name <name>",
  "service.predictPath": "--predict-path <path>",
  "service.command": "--command <words>",
};

/** A key of the slot came from the command line, and is fixed there. */
function asTyped(problem: Problem): Problem {
  const key = problem.key.replace(/^(blue|green)\./, "");
  const field = /^service\.(\w+)/.exec(key)?.[1];
  const own = Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
  const option = own ?? (field === undefined ? undefined : `--set ${field}=<value>`);
  const isOfSlot = /^(blue|green)\./.test(problem.key) && option !== undefined;
  return isOfSlot ? { ...problem, fix: `npx bluegreen deploy … ${option}` } : problem;
}
