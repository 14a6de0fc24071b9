import { SHADOW_SLOT, SHADOW_TOKEN, type AgentOptions } from "../agent/options.ts";
import type { Kind } from "../config/capacity.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { isPreset, isScrapedMetric, SCRAPED_METRIC, SCRAPE_PRESETS } from "../agent/scrape-options.ts";
import { TOLD_NAMES } from "../config/told.ts";
import { SLOTS } from "../slot.ts";
import { problem, type Problem } from "./problem.ts";

const OURS: readonly string[] = ["AGENT", "PORT", SHADOW_SLOT, ...TOLD_NAMES];
/** Never in clear; from the secrets it may come, in place of the stack's own. */
const SECRET_ALONE = SHADOW_TOKEN;

/** What an agent and the model beside it cannot both have: those of the template, and of each slot that has one. */
export function agentProblems({ service, slots, testTokens }: StackConfig): readonly Problem[] {
  const copies = SLOTS.map((slot) => ({ home: `${slot}.service`, ...slots[slot].service }));
  // A copy is part of a model that runs, and stays as it is until the next deploy.
  const wanted =
    service.agent === undefined ? [] : [...scrapeProblems(service.agent), ...captureProblems(service.agent)];
  const both = [{ home: "service", ...service }, ...copies].flatMap(
    ({ home, agent, port = service.port, kind = service.kind }) =>
      agent === undefined
        ? []
        : [
            ...kindProblems(home, kind),
            ...portProblems(home, agent, port),
            ...variableProblems(home, agent),
            ...shadowProblems(home, agent, testTokens),
          ],
  );
  return [...wanted, ...both];
}

/** Docker cuts what a container writes at 16 KB; the agent then leaves the body out (agent/capture/prediction.ts). */
const MOST_CAPTURED = 16_000;

function captureProblems({ capture }: AgentOptions): readonly Problem[] {
  const { maxBytes = 0 } = capture ?? {};
  if (maxBytes <= MOST_CAPTURED) return [];
  const key = "service.agent.capture.maxBytes";
  const allowed = `at most ${MOST_CAPTURED}: a line of a container's log is cut at 16 KB, so a longer body is never written`;
  return [problem(key, maxBytes, allowed, `pulumi config set --path ${key} ${MOST_CAPTURED}`)];
}

/** The agent ends at once with what it does not know, and then nothing is counted. */
function scrapeProblems({ scrape }: AgentOptions): readonly Problem[] {
  const { preset, metrics = [] } = scrape ?? {};
  const key = "service.agent.scrape";
  return [
    ...(preset === undefined || isPreset(preset)
      ? []
      : [
          problem(
            `${key}.preset`,
            preset,
            `${SCRAPE_PRESETS.join(" or ")}; of another server, ${key}.metrics`,
            `pulumi config set --path ${key}.preset ${SCRAPE_PRESETS[0]}`,
          ),
        ]),
    ...metrics.flatMap((metric, index) => {
      const at = `${key}.metrics[${index}]`;
      if (isScrapedMetric(metric)) return [];
      return [problem(at, metric, SCRAPED_METRIC, `pulumi config rm --path '${at}'`)];
    }),
  ];
}

/** The stack puts no container beside a model that it does not run. */
function kindProblems(home: string, kind: Kind): readonly Problem[] {
  if (kind === "ecs") return [];
  const allowed = "nothing where service.kind is external: run the agent where the model runs";
  return [problem(`${home}.agent`, "given", allowed, `pulumi config rm --path ${home}.agent`)];
}

/** The candidate is asked through its test rule, which there is with a token alone. */
function shadowProblems(
  home: string,
  { shadow }: AgentOptions,
  tokens: readonly string[],
): readonly Problem[] {
  if (shadow === undefined || tokens.length > 0) return [];
  const allowed = "nothing without testToken, by which a shadow reaches the candidate";
  return [problem(`${home}.agent.shadow`, "given", allowed, TOKEN_COMMAND)];
}

const TOKEN_COMMAND = "pulumi config set --secret testToken $(openssl rand -hex 24)";

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
    ...Object.keys(environment).filter(
      (name) => name in secrets || name === SECRET_ALONE || OURS.includes(name),
    ),
    ...Object.keys(secrets).filter((name) => OURS.includes(name)),
  ].map((name) => {
    const where = name in environment ? key : `${home}.agent.secrets`;
    const allowed = `a name other than ${OURS.join(", ")} and those of ${home}.agent.secrets`;
    return problem(`${where}.${name}`, "given", allowed, `pulumi config rm --path ${where}.${name}`);
  });
}
