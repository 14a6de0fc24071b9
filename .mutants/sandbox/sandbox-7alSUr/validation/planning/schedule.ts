import type { Release } from "../../contract/release/release.ts";
import { isEmpty } from "../../contract/config/stack-config.ts";
import { activeImage } from "../core/changes/compared.ts";
import { planSchedule } from "../core/planning/choice.ts";
import {
  adviceOn,
  keptSentence,
  scheduleSentence,
  UNPLANNED,
  unplannedSentence,
  type PlannedRelease,
} from "../core/planning/words.ts";
import { attempt } from "../reading.ts";
import { type CheckMemory } from "../rollout/observe.ts";
import { readDay } from "./read-history.ts";
import { trafficOf } from "./traffic-of.ts";
import type { Context, Deployed } from "../ports.ts";

/**
 * What this pair of models goes by: as planned before its first attempt, else planned now from the last day's traffic.
 * Only that a process asks twice costs nothing. Throws when CloudWatch cannot be read.
 */
export async function scheduleOf(
  context: Context,
  deployed: Deployed,
  release: Release,
  memory: CheckMemory,
): Promise<PlannedRelease> {
  const { config } = deployed;
  const { rollout } = config;
  const pair = release.compared?.active === activeImage(config) ? release.compared : undefined;
  // Once a pair has shared users it keeps what there is: chosen now it would be chosen by what was seen.
  const hasShared = release.weight > 0 || (pair?.windows.length ?? 0) > 0;
  const kept = pair?.schedule ?? (hasShared ? UNPLANNED : undefined);
  if (kept !== undefined) return { schedule: kept, sentence: keptSentence(rollout, kept), advice: [] };
  return (memory.planned ??= await planned(context, deployed, memory));
}

async function planned(context: Context, deployed: Deployed, memory: CheckMemory): Promise<PlannedRelease> {
  const { rollout } = deployed.config;
  const day = await readDay(context, deployed, memory);
  const noAssumption = { traffic: undefined, errorRate: undefined };
  const traffic = trafficOf(day, noAssumption, rollout.syntheticLoad?.requestsPerMinute);
  if (traffic.requestsPerMinute <= 0)
    return { schedule: UNPLANNED, sentence: unplannedSentence(rollout), advice: [] };
  const chosen = planSchedule(traffic, rollout);
  return {
    schedule: chosen.schedule,
    sentence: scheduleSentence(traffic, rollout, chosen),
    advice: adviceOn(traffic, rollout, chosen),
  };
}

/** Says what a rollout goes by before its candidate has users; a stack's first model has nobody to be compared with. */
export async function announceSchedule(
  context: Context,
  deployed: Deployed,
  release: Release,
  memory: CheckMemory,
): Promise<void> {
  const { config } = deployed;
  if (release.slot === config.activeSlot || isEmpty(config.slots[config.activeSlot])) return;
  const found = await attempt(() => scheduleOf(context, deployed, release, memory));
  const note = (message: string) => context.reporter.report({ kind: "note", message });
  if (!found.readable) return note(`the schedule could not be planned yet: ${found.why}`);
  const { sentence, advice } = found.value;
  note(sentence);
  if (advice.length === 0) return;
  const target = `That is more than rollout.targetMinutes, ${config.rollout.targetMinutes}. What would help:`;
  note([target, ...advice.map((one) => `  - ${one}`)].join("\n"));
}
