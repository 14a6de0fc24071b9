import { problem, type Problem } from "../checks/problem.ts";
import type { AgentOptions } from "../agent/options.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { AGENT_COUNTS, type AgentCount } from "./agent-counts.ts";
import { countedNames } from "./agent-metrics.ts";
import { isAgentCount } from "./paid-metrics.ts";
import type { Signal } from "./signal.ts";

/** A signal of the agent reads what the next model's agent counts, and by path what that counts by path. */
export function agentCounts(
  { kind, source, segments }: Signal,
  key: string,
  { service: { agent } }: Pick<StackConfig, "service">,
): readonly Problem[] {
  // Any other count is refused as it is read (fields.ts).
  if (source.from !== "agent" || !isAgentCount(source.count)) return [];
  if (agent === undefined) {
    const allowed = "a source other than agent, because the stack has none (service.agent)";
    return [problem(`${key}.source.from`, "agent", allowed, rm(key))];
  }
  return [
    ...(kind === "losses"
      ? [problem(`${key}.kind`, kind, "counts: the agent counts events", set(`${key}.kind`, "counts"))]
      : []),
    ...neverCounted(source.count, `${key}.source.count`, agent),
    ...segmentsByPath(source.count, segments, `${key}.segments`, agent),
  ];
}

/** ECS publishes nothing of GPUs. */
export function gpuIsRead(
  { source }: Signal,
  key: string,
  { service: { agent } }: Pick<StackConfig, "service">,
): readonly Problem[] {
  if (source.from !== "resources" || source.of !== "gpu" || agent?.scrape?.gpu !== undefined) return [];
  const allowed =
    "cpu or memory, for ECS publishes nothing of GPUs; gpu with service.agent.scrape.gpu, whose page says it";
  return [
    problem(
      `${key}.source.of`,
      "gpu",
      allowed,
      "pulumi config set --path service.agent.scrape.gpu.series <gauge>",
    ),
  ];
}

const hasBoth = (agent: AgentOptions, count: AgentCount) => {
  const names = countedNames(agent);
  const { numerator, denominator } = AGENT_COUNTS[count];
  return names.includes(numerator) && names.includes(denominator);
};

/** What nobody counts would hold each release. */
function neverCounted(count: AgentCount, key: string, agent: AgentOptions): readonly Problem[] {
  if (hasBoth(agent, count)) return [];
  const counted = Object.keys(AGENT_COUNTS).filter((one) => isAgentCount(one) && hasBoth(agent, one));
  const { needs, fix } = NEEDED[count];
  const allowed = `what service.agent counts (${counted.join(" or ") || "none of these"}): ${count} needs ${needs}`;
  return [problem(key, count, allowed, fix)];
}

interface Needed {
  readonly needs: string;
  readonly fix: string;
}

const FRONT: Needed = {
  needs: "service.agent.front",
  fix: "pulumi config set --path service.agent.front.streams.stallSeconds 10",
};
const scraped = (count: AgentCount, presets: string): Needed => {
  const { numerator, denominator } = AGENT_COUNTS[count];
  return {
    needs: `service.agent.scrape with preset ${presets}, or with metrics that are called ${numerator} and ${denominator}`,
    fix: "pulumi config set --path service.agent.scrape.preset vllm",
  };
};

const NEEDED: Readonly<Record<AgentCount, Needed>> = {
  "cut-streams": FRONT,
  "stalled-streams": FRONT,
  "empty-streams": FRONT,
  "broken-streams": FRONT,
  "slow-first-tokens": FRONT,
  refusals: FRONT,
  "server-failures": scraped("server-failures", "vllm or mlserver"),
  "slow-server-answers": scraped("slow-server-answers", "vllm or mlserver"),
  "slow-server-first-tokens": scraped("slow-server-first-tokens", "vllm"),
  "failed-users": {
    needs: "service.agent.front.user, which says whose a request is",
    fix: "pulumi config set --path service.agent.front.user.cookie <name>",
  },
};

/** The agent's one dimension beside stack and slot is `path`, of what it stands in front of. */
function segmentsByPath(
  count: AgentCount,
  segments: Signal["segments"],
  key: string,
  { front }: AgentOptions,
): readonly Problem[] {
  const names = Object.keys(segments);
  if (names.length === 0) return [];
  const paths = front?.paths ?? [];
  const isByPath = NEEDED[count] === FRONT;
  const isKnown =
    names.every((name) => name === "path") && (segments["path"] ?? []).every((path) => paths.includes(path));
  if (isByPath && isKnown) return [];
  const allowed = isByPath
    ? `path alone, with paths of service.agent.front.paths (${paths.join(", ") || "there are none"})`
    : `nothing: the agent counts ${count} of a slot as a whole`;
  return [problem(key, segments, allowed, rm(key))];
}

const rm = (key: string) => `pulumi config rm --path '${key}'`;
const set = (key: string, value: string) => `pulumi config set --path '${key}' ${value}`;
