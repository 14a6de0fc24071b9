import type { AgentOptions } from "../agent/options.ts";
import { isPreset, type ScrapePreset } from "../agent/scrape-options.ts";
import { serviceOf } from "../config/model-service.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { SLOTS, type Slot } from "../slot.ts";
import { COUNTED_PAIRS, SHADOW_AGAIN, SHADOW_BOTH_FAILED, SHADOW_LATENCY } from "./agent-counts.ts";
import { GPU_METRIC } from "./signal.ts";
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

/** The same of `service.agent`, when the deploys to come have put it beside the models of both slots. */
export function agentMetricsToCome({ signals, service: { agent } }: StackConfig): PaidMetrics {
  const ofSignals = signalMetrics(signals);
  const names = new Set(
    agent === undefined ? [] : countedNames(agent).filter((name) => !ofSignals.has(name)),
  );
  const ofShadow = agent?.shadow === undefined ? 0 : SHADOW.length;
  const count = SLOTS.length * names.size + ofShadow;
  const shadow = ofShadow === 0 ? "" : ` + ${ofShadow} of its shadow`;
  return { count, arithmetic: `${SLOTS.length} slots × ${names.size} of service.agent${shadow}` };
}

/** Metrics that the agent's lines have together, by their denominators (agent/lines/groups.ts). */
const groupOf = (denominator: string): readonly string[] => [
  denominator,
  ...COUNTED_PAIRS.flatMap((one) => (one.denominator === denominator ? [one.numerator] : [])),
];

const SHADOW = [
  ...["ShadowPairs", "ShadowRequests", "ShadowSampled"].flatMap(groupOf),
  ...Object.values(SHADOW_AGAIN),
  ...Object.values(SHADOW_LATENCY),
  SHADOW_BOTH_FAILED,
];

const PRESETS: Readonly<Record<ScrapePreset, readonly string[]>> = {
  vllm: ["ServerRequests", "ServerAnswers", "ServerFirstTokens"].flatMap(groupOf),
  mlserver: ["ServerRequests", "ServerAnswers"].flatMap(groupOf),
};

function namesOf(config: StackConfig, slot: Slot): ReadonlySet<string> {
  const agent = config.slots[slot].image === undefined ? undefined : serviceOf(config, slot).agent;
  if (agent === undefined) return new Set();
  // Only requests of users are shadowed, and those of the candidate are few: one slot's are counted.
  const ofShadow = agent.shadow === undefined || slot !== config.activeSlot ? [] : SHADOW;
  return new Set([...countedNames(agent), ...ofShadow]);
}

/** What an agent counts of its own slot. A path that is counted by itself is one more dimension: `Answers path=/predict`. */
export const countedNames = ({ front, scrape }: AgentOptions): readonly string[] => [
  ...(front === undefined ? [] : frontNames(front)),
  ...scrapedNames(scrape),
];

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
  const { preset } = scrape;
  const ofGpu = scrape.gpu === undefined ? [] : [GPU_METRIC];
  return [...(isPreset(preset) ? PRESETS[preset] : []), ...own, ...ofGpu];
}
