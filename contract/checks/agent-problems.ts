import { SHADOW_SLOT, SHADOW_TOKEN, type AgentOptions } from "../agent/options.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { TOLD_NAMES } from "../config/told.ts";
import { SLOTS } from "../slot.ts";
import { problem, type Problem } from "./problem.ts";

const OURS: readonly string[] = ["AGENT", "PORT", SHADOW_SLOT, ...TOLD_NAMES];

/** What an agent and the model beside it cannot both have: those of the template, and of each slot that has one. */
export function agentProblems({ service, slots }: StackConfig): readonly Problem[] {
  const copies = SLOTS.map((slot) => ({ home: `${slot}.service`, ...slots[slot].service }));
  return [{ home: "service", ...service }, ...copies].flatMap(({ home, agent, port = service.port }) =>
    agent === undefined
      ? []
      : [...portProblems(home, agent, port), ...variableProblems(home, agent), ...tokenProblems(home, agent)],
  );
}

/** Containers of a task share its network (ECS, awsvpc): only one of them can listen on a port. */
function portProblems(home: string, agent: AgentOptions, port: number): readonly Problem[] {
  if (agent.port !== port) return [];
  const key = `${home}.agent.port`;
  const fix = `pulumi config set --path ${key} ${port === 18_080 ? 18_081 : 18_080}`;
  return [problem(key, agent.port, "another port than the model's, which is in the same network", fix)];
}

function variableProblems(home: string, agent: AgentOptions): readonly Problem[] {
  const { environment, secrets } = agent;
  const key = `${home}.agent.environment`;
  return [
    ...Object.keys(environment).filter((name) => name in secrets || OURS.includes(name)),
    ...Object.keys(secrets).filter((name) => OURS.includes(name)),
  ].map((name) => {
    const where = name in environment ? key : `${home}.agent.secrets`;
    const allowed = `a name other than ${OURS.join(", ")} and those of ${home}.agent.secrets`;
    return problem(`${where}.${name}`, "given", allowed, `pulumi config rm --path ${where}.${name}`);
  });
}

/** The candidate answers by its test rule alone, which takes the stack's testToken. */
function tokenProblems(home: string, { shadow, environment, secrets }: AgentOptions): readonly Problem[] {
  if (shadow === undefined || SHADOW_TOKEN in environment || SHADOW_TOKEN in secrets) return [];
  const key = `${home}.agent.secrets.${SHADOW_TOKEN}`;
  const allowed =
    "the ARN of a secret that holds the testToken, by which a shadowed request reaches the candidate";
  return [problem(key, "nothing", allowed, `pulumi config set --path ${key} <ARN>`)];
}
