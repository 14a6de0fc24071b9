import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { parseOutputs, type StackOutputs } from "../../../contract/names/outputs.ts";
import { perSlot } from "../../../contract/slot.ts";
import { runningOutputs } from "../../validation/support/running.ts";
import { groupArn, ROUTE_ARN } from "../../validation/support/world.ts";

export const LOAD_BALANCER = "app/lb/1";

/** What the program exports of a stack with this configuration (infra/outputs.ts). */
export function outputsOf(config: StackConfig): StackOutputs {
  const outputs = parseOutputs({
    url: "http://127.0.0.1:1",
    region: "us-east-1",
    activeSlot: config.activeSlot,
    split: config.split,
    generation: config.generation,
    routeArn: ROUTE_ARN,
    loadBalancerSuffix: LOAD_BALANCER,
    clusterName: "cluster",
    stickinessSeconds: config.service.stickinessSeconds,
    slots: perSlot((slot) => ({
      targetGroupArn: groupArn(slot),
      targetGroupSuffix: `targetgroup/${slot}/1`,
      testTargetGroupArn: `${groupArn(slot)}-test`,
      running: runningOutputs(config, slot),
    })),
  });
  if (outputs === undefined) throw new Error("the simulated outputs are not those of a stack");
  return outputs;
}

const parsed = new WeakMap<object, StackConfig>();

/** A configuration that was accepted once. */
export function configIn(raw: Readonly<Record<string, string>>): StackConfig {
  const known = parsed.get(raw);
  if (known !== undefined) return known;
  const read = parseConfig(raw);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  parsed.set(raw, read.config);
  return read.config;
}
