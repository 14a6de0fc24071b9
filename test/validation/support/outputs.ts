import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { parseOutputs, type StackOutputs } from "../../../contract/names/outputs.ts";
import { perSlot, type Slot } from "../../../contract/slot.ts";
import { runningOutputs } from "./running.ts";

const LOAD_BALANCER = "app/lb/1";
export const ROUTE_ARN = `arn:aws:elasticloadbalancing:us-east-1:000000000000:listener-rule/${LOAD_BALANCER}/2/3`;
const groupNamed = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${name}/1`;
export const groupArn = (slot: Slot) => groupNamed(slot);

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
      testTargetGroupArn: groupNamed(`${slot}-test`),
      ...(config.slots[slot].cohortGroup && { cohortTargetGroupSuffix: `targetgroup/${slot}-cohort/1` }),
      running: runningOutputs(config, slot),
    })),
  });
  if (outputs === undefined) throw new Error("the outputs of this configuration are not those of a stack");
  return outputs;
}
