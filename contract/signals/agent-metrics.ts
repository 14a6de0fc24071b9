import type { AgentOptions } from "../agent/options.ts";
import { serviceOf } from "../config/model-service.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { SLOTS, type Slot } from "../slot.ts";
import { AGENT_COUNTS, SHADOW_AGAIN, SHADOW_BOTH_FAILED } from "./agent-counts.ts";
import { signalMetrics, type PaidMetrics } from "./paid-metrics.ts";

/**
 * The metrics that the slots' agents make, beside those that a signal counts already: whether a signal reads them or not,
 * CloudWatch makes them of the agents' lines. At most: an agent in front counts streams whatever `front.streams` says, but
 * they are metrics only where the model answers with some.
 */
export function agentMetrics(config: StackConfig): PaidMetrics {
  const ofSignals = signalMetrics(config.signals);
  const parts = SLOTS.flatMap((slot) => {
    const names = [...namesOf(config, slot)].filter((name) => !ofSignals.has(name));
    return names.length === 0 ? [] : [{ slot, count: names.length }];
  });
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return { count, arithmetic: parts.map((part) => `${part.slot} ${part.count}`).join(", ") };
}

/** Metrics that the agent's lines have together, by their denominators (agent/lines/groups.ts). */
const groupOf = (denominator: string): readonly string[] => [
  denominator,
  ...Object.values(AGENT_COUNTS).flatMap((one) => (one.denominator === denominator ? [one.numerator] : [])),
];

const SHADOW = [
  ...["ShadowPairs", "ShadowRequests", "ShadowSampled"].flatMap(groupOf),
  ...Object.values(SHADOW_AGAIN),
  SHADOW_BOTH_FAILED,
];

const PRESETS: Readonly<Record<string, readonly string[]>> = {
  vllm: ["ServerRequests", "ServerAnswers", "ServerFirstTokens"].flatMap(groupOf),
  mlserver: ["ServerRequests", "ServerAnswers"].flatMap(groupOf),
};

/** A path that is counted by itself is one more dimension: `Answers path=/predict`. */
function namesOf(config: StackConfig, slot: Slot): ReadonlySet<string> {
  const agent = config.slots[slot].image === undefined ? undefined : serviceOf(config, slot).agent;
  if (agent === undefined) return new Set();
  const { front, shadow, scrape } = agent;
  // Only requests of users are shadowed, and those of the candidate are few: one slot's are counted.
  const ofShadow = shadow === undefined || slot !== config.activeSlot ? [] : SHADOW;
  const ofFront = front === undefined ? [] : frontNames(front);
  return new Set([...ofFront, ...ofShadow, ...scrapedNames(scrape)]);
}

function frontNames(front: NonNullable<AgentOptions["front"]>): readonly string[] {
  const counted = [...groupOf("Answers"), ...groupOf("Streams")];
  const byPath = (front.paths ?? []).flatMap((path) => counted.map((name) => `${name} path=${path}`));
  return [...counted, ...byPath, ...(front.user === undefined ? [] : groupOf("Users"))];
}

function scrapedNames(scrape: AgentOptions["scrape"]): readonly string[] {
  if (scrape === undefined) return [];
  const own = (scrape.metrics ?? []).flatMap(({ numerator, denominator }) =>
    [numerator, denominator].filter((name) => typeof name === "string"),
  );
  return [...(PRESETS[scrape.preset ?? ""] ?? []), ...own];
}
