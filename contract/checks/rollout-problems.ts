import { GATE_NAMES } from "../alarms/gates.ts";
import { problem, type Problem } from "./problem.ts";
import type { RolloutPolicy } from "../config/sections.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { cohortPlaces, cohortStepOf, percents, stepAt } from "../config/steps.ts";

/** What does not fit within `rollout`. */
export function rolloutProblems({ rollout }: StackConfig): readonly Problem[] {
  return CHECKS.flatMap((check) => check(rollout));
}

const asByDefault = (key: string) => `pulumi config rm --path rollout.${key}`;

const CHECKS: readonly ((rollout: RolloutPolicy) => readonly Problem[])[] = [
  function stepsRise({ steps }) {
    const shares = percents(steps);
    const rises = shares.every((share, index) => index === 0 || share > (shares[index - 1] ?? 0));
    if (rises && shares.length > 0) return [];
    return [
      problem("rollout.steps", steps, "at least one percent, each above the last", asByDefault("steps")),
    ];
  },
  function cohortIsFirst({ steps }) {
    const misplaced = cohortPlaces(steps).find((place) => place > 0);
    if (misplaced === undefined) return [];
    const fix = `pulumi config rm --path 'rollout.steps[${misplaced}]'`;
    return [problem("rollout.steps", steps, "one cohort at most, as the first entry", fix)];
  },
  function dryRunNamesGates({ dryRun, customGates, alarms }) {
    const known: readonly string[] = [...GATE_NAMES, ...customGates.map(({ name }) => name), ...alarms];
    if (dryRun.every((name) => known.includes(name))) return [];
    return [problem("rollout.dryRun", dryRun, `names of gates: ${known.join(", ")}`, asByDefault("dryRun"))];
  },
  function boundsPerStepAreThere(rollout) {
    return (["maxBlindSpots", "provenRatios"] as const)
      .filter((key) => rollout[key] !== "auto" && rollout[key].length === 0)
      .map((key) => problem(`rollout.${key}`, [], "at least one number", asByDefault(key)));
  },
  function approvalsAreSteps({ steps, approvals }) {
    const shares = percents(steps);
    if (approvals.every((share) => shares.includes(share))) return [];
    const allowed = `shares that rollout.steps names: ${shares.join(", ")}`;
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
  function deadlineAfterBake({ steps, bakeMinutes, deadlineMinutes }) {
    const bakes = percents(steps).map((share) => stepAt({ steps, bakeMinutes }, share).bakeMinutes);
    const ofCohort = cohortStepOf({ steps, bakeMinutes })?.bakeMinutes ?? 0;
    const longest = Math.max(bakeMinutes, ofCohort, ...bakes);
    if (deadlineMinutes === "auto" || deadlineMinutes > longest) return [];
    const allowed = `auto, or more than the longest bake, ${longest} minutes`;
    const fix = `pulumi config set --path rollout.deadlineMinutes ${longest + 1}`;
    return [problem("rollout.deadlineMinutes", deadlineMinutes, allowed, fix)];
  },
];

/** The names stand side by side with the product's own in reports and evidence. */
function takenNames(
  key: "customGates" | "alarms",
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
