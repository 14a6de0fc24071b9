import { JUDGING_ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";
import type { StackOutputs } from "../../../contract/names/outputs.ts";
import { perSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import type { Split } from "../../../contract/route/split.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { cloudWatchAlarms } from "../../../validation/adapters/alarms.ts";
import { cloudWatchMetrics } from "../../../validation/adapters/metrics.ts";
import type { Assessment } from "../../../validation/core/assessment.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { judged } from "../../../validation/rollout/check.ts";
import { observe, type CheckMemory } from "../../../validation/rollout/observe.ts";
import type { Context, Deployed } from "../../../validation/ports.ts";
import { namesFor } from "../../support/project.ts";
import type { stackByTheMinute } from "./minutes.ts";

/** A stack that is looked at as the rollout does, by the gates on alarms, with the real adapters. */
export function lookingAt(
  world: ReturnType<typeof stackByTheMinute>,
  { config, split, firstShare }: { config: StackConfig; split: Split; firstShare: boolean },
) {
  const { clock, client } = world;
  const liveSinceMs = clock.now();
  const memory: CheckMemory = {};
  const outputs = {
    loadBalancerSuffix: "app/lb/1",
    clusterName: "cluster",
    slots: perSlot((slot) => ({
      targetGroupArn: slot,
      targetGroupSuffix: `targetgroup/${slot}/1`,
      running: {
        serviceName: slot,
        taskDefinitionArn: slot,
        alarms: Object.fromEntries(JUDGING_ALARM_KEYS.map((key) => [key, namesFor("prod").alarm(slot, key)])),
      },
    })),
  };
  // What a check reads of the stack and of the world around it, and nothing else.
  const deployed = { config, outputs: outputs as unknown as StackOutputs } as Deployed;
  const context = {
    clock,
    alarms: cloudWatchAlarms(async () => client),
    metrics: cloudWatchMetrics(async () => client),
    services: { read: async () => new Map() },
    health: { targets: async () => ({}), zones: async () => [] },
  } as unknown as Context;
  const from = new Date(liveSinceMs).toISOString();
  return async (candidate: Slot): Promise<readonly Assessment[]> => {
    const view = {
      split,
      candidate,
      liveSinceMs,
      askedMs: liveSinceMs,
      firstShare,
      visits: 1,
      compared: { active: "", attempt: 1, windows: [{ from }] },
    };
    const observation = judged(await observe(context, deployed, view, memory), view, deployed);
    const { rollout: policy, thresholds } = config;
    return alarmsGate({ observation, policy, thresholds, sticky: false });
  };
}

/** Names of the slots' judged alarms that are in ALARM, without the stack's own prefix. */
export async function inAlarm({ client }: ReturnType<typeof stackByTheMinute>): Promise<readonly string[]> {
  const names = SLOTS.flatMap((slot) =>
    JUDGING_ALARM_KEYS.map((key) => ({ label: `${slot} ${key}`, name: namesFor("prod").alarm(slot, key) })),
  );
  const read = await cloudWatchAlarms(async () => client).read(names.map(({ name }) => name));
  const failing = new Set(read.filter(({ state }) => state === "ALARM").map(({ name }) => name));
  return names.filter(({ name }) => failing.has(name)).map(({ label }) => label);
}
