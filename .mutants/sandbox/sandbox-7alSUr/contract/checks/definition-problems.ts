import { MOST_AGENT_BYTES } from "../agent/options.ts";
import { saidBy, serviceOf, type ModelService } from "../config/model-service.ts";
import { problem, type Problem } from "./problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

// Amazon ECS service quotas: 64 KiB for a task definition. What else stands in it is short.
const MOST_BYTES = 60_000;

const LONG = ["environment", "secrets", "command"] as const;
type Long = (typeof LONG)[number];

/** Of the template, and of each slot: whether what may be long fits into a task definition. */
export function definitionProblems(config: StackConfig): readonly Problem[] {
  const found = [
    ...sizeProblem(config.service, (key) => `service.${key}`),
    ...SLOTS.flatMap((slot) => sizeProblem(serviceOf(config, slot), (key) => saidBy(config, slot, key))),
  ];
  return found.filter(({ key }, index) => found.findIndex((other) => other.key === key) === index);
}

/** Named by the longest of them; its content is nobody's to read in a message. */
function sizeProblem(
  service: Pick<ModelService, Long | "agent">,
  by: (key: Long) => string,
): readonly Problem[] {
  const most = service.agent === undefined ? MOST_BYTES : MOST_BYTES - MOST_AGENT_BYTES;
  const sizes = LONG.map((key) => ({ key, bytes: bytesOf(service[key]) }));
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  const [longest] = sizes.toSorted((a, b) => b.bytes - a.bytes);
  if (bytes <= most || longest === undefined) return [];
  const key = by(longest.key);
  const allowed = `at most ${most} bytes of ${LONG.join(", ")} together: ECS takes 64 KiB for a task definition${most < MOST_BYTES ? ", of which the agent has a part" : ""}`;
  const part = longest.key === "command" ? key : `${key}.<name>`;
  return [problem(key, `${bytes} bytes`, allowed, `pulumi config rm --path ${part}`)];
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
