import { GATE_NAMES } from "./gates.ts";
import { problem, type Problem } from "./problem.ts";
import type { RolloutPolicy } from "./sections.ts";
import type { StackConfig } from "./stack-config.ts";

/** What does not fit within `rollout`. */
export function rolloutProblems({ rollout }: StackConfig): readonly Problem[] {
  return CHECKS.flatMap((check) => check(rollout));
}

const asByDefault = (key: string) => `pulumi config rm --path rollout.${key}`;

const CHECKS: readonly ((rollout: RolloutPolicy) => readonly Problem[])[] = [
  function stepsRise({ steps }) {
    const rises = steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0));
    if (rises && steps.at(-1) === 100) return [];
    return [problem("rollout.steps", steps, "percents that rise and end at 100", asByDefault("steps"))];
  },
  function dryRunNamesGates({ dryRun, customGates, alarms }) {
    const known: readonly string[] = [...GATE_NAMES, ...customGates.map(({ name }) => name), ...alarms];
    if (dryRun.every((name) => known.includes(name))) return [];
    return [problem("rollout.dryRun", dryRun, `names of gates: ${known.join(", ")}`, asByDefault("dryRun"))];
  },
  function boundsPerStepAreThere(rollout) {
    return (["maxBlindSpots", "provenRatios"] as const)
      .filter((key) => rollout[key].length === 0)
      .map((key) => problem(`rollout.${key}`, [], "at least one number", asByDefault(key)));
  },
  function approvalsAreSteps({ steps, approvals }) {
    if (approvals.every((share) => steps.includes(share))) return [];
    const allowed = `shares that rollout.steps names: ${steps.join(", ")}`;
    return [problem("rollout.approvals", approvals, allowed, asByDefault("approvals"))];
  },
  function customGatesHaveOwnNames({ customGates }) {
    return takenNames("customGates", customGates, (name) => GATE_NAMES.some((one) => one === name));
  },
  function alarmsHaveOwnNames({ alarms, customGates }) {
    const isOurs = (name: string) =>
      GATE_NAMES.some((one) => one === name) || customGates.some((gate) => gate.name === name);
    return takenNames(
      "alarms",
      alarms.map((name) => ({ name })),
      isOurs,
    );
  },
  function customMetricsHaveOwnNames({ customMetrics }) {
    return takenNames(
      "customMetrics",
      customMetrics,
      (name) => name === "failed" || name.startsWith("slow-p"),
    );
  },
  function deadlineAfterBake({ bakeMinutes, deadlineMinutes }) {
    if (deadlineMinutes > bakeMinutes) return [];
    const allowed = `more than rollout.bakeMinutes, ${bakeMinutes}`;
    const mend = `pulumi config set --path rollout.deadlineMinutes ${bakeMinutes + 1}`;
    return [problem("rollout.deadlineMinutes", deadlineMinutes, allowed, mend)];
  },
];

/** The names stand side by side with the product's own in reports and evidence. */
function takenNames(
  key: "customGates" | "customMetrics" | "alarms",
  entries: readonly { readonly name: string }[],
  isOurs: (name: string) => boolean,
): readonly Problem[] {
  const names = entries.map(({ name }) => name);
  const index = names.findIndex((name, at) => isOurs(name) || names.indexOf(name) !== at);
  const name = names[index];
  if (name === undefined) return [];
  const got = isOurs(name) ? name : `${name} twice`;
  const allowed = "entries each with a name of its own, and none of the gates' names";
  return [problem(`rollout.${key}`, got, allowed, `pulumi config rm --path 'rollout.${key}[${index}]'`)];
}
