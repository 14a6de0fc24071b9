import { problem, type Problem } from "../checks/problem.ts";
import { isExternal } from "../config/model-service.ts";
import { cohortStepOf } from "../config/steps.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { SLOTS } from "../slot.ts";
import { RULES_BEFORE_ROUTE, type Cohort } from "./cohort.ts";

// ELB quotas, for each rule.
const MOST_VALUES = 5;

/** What does not fit within `cohorts`, or with the rest. */
export function cohortProblems(config: StackConfig): readonly Problem[] {
  const { cohorts, rollout } = config;
  return [
    ...sharedListenerProblems(config),
    ...(rollout.cohorts || isRegistered(config) ? roomProblems(config) : []),
    ...cohorts.flatMap((cohort, index) => problemsOf(cohort, index, config)),
  ];
}

/** How many values its rule's header may have beside the route's own conditions. */
export const valuesLeft = ({ network }: StackConfig): number =>
  MOST_VALUES -
  (network.listenerArn === undefined ? 1 : network.hostHeaders.length + network.pathPatterns.length);

/** A slot stays so until another deploy. */
const isRegistered = ({ slots }: StackConfig) => SLOTS.some((slot) => slots[slot].cohortGroup);

const SHARED = "on a listener that others share: the numbers before the route's may be those of their rules";

function sharedListenerProblems(config: StackConfig): readonly Problem[] {
  const { network, rollout } = config;
  if (network.listenerArn === undefined) return [];
  const problems: Problem[] = [];
  if (cohortStepOf(rollout) !== undefined) {
    const fix = "pulumi config rm --path 'rollout.steps[0]'";
    problems.push(problem("rollout.steps", rollout.steps, `shares alone ${SHARED}`, fix));
  }
  if (rollout.cohorts || isRegistered(config)) {
    const off = "pulumi config set --path rollout.cohorts false";
    problems.push(problem("rollout.cohorts", rollout.cohorts, `false ${SHARED}`, off));
  }
  return problems;
}

function roomProblems({ network, testTokens }: StackConfig): readonly Problem[] {
  if (network.listenerArn !== undefined) return [];
  if (testTokens.length === 0) {
    const allowed = "a token with cohorts: with it the rule is made that ECS wants for each target group";
    const fix = "pulumi config set --secret testToken $(openssl rand -hex 24)";
    return [problem("testToken", "nothing", allowed, fix)];
  }
  if (network.priority > RULES_BEFORE_ROUTE) return [];
  const least = RULES_BEFORE_ROUTE + 1;
  const allowed = `${least} or more with rollout.cohorts: their rules stand at the ${RULES_BEFORE_ROUTE} numbers before it`;
  return [
    problem(
      "network.priority",
      network.priority,
      allowed,
      `pulumi config set --path network.priority ${least}`,
    ),
  ];
}

function problemsOf(cohort: Cohort, index: number, config: StackConfig): readonly Problem[] {
  const { cohorts, slots } = config;
  const { name, slot, place, values } = cohort;
  const fix = `npx bluegreen cohort remove ${name}`;
  const key = `cohorts[${index}]`;
  const isFirst = cohorts.findIndex((one) => one.name === name || one.place === place) === index;
  if (!isFirst)
    return [problem(key, name, "a name and a place of its own", `pulumi config rm --path '${key}'`)];
  if (!slots[slot].cohortGroup || slots[slot].image === undefined)
    return [problem(key, name, `a slot with a model that is registered for cohorts; ${slot} is not`, fix)];
  if (isExternal(config, slot))
    return [problem(key, name, `a slot that runs on ECS; something else fills ${slot}`, fix)];
  if (slots[slot].minTasks === 0)
    return [problem(`${slot}.minTasks`, 0, `1 or more while cohort ${name} is on ${slot}`, fix)];
  const most = valuesLeft(config);
  return values.length <= most
    ? []
    : [
        problem(
          key,
          `${values.length} values`,
          `at most ${most}: a listener rule takes ${MOST_VALUES} in all`,
          fix,
        ),
      ];
}
