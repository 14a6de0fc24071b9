import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { setTimeout as pause } from "node:timers/promises";
import type { StackOutputs } from "../../contract/names/outputs.ts";
import { SLOTS } from "../../contract/slot.ts";
import type { World } from "../scenario/support/world.ts";

// Real seconds. An update of tasks ends with a drain, or with the circuit breaker after some starts of the model; a busy
// machine needs several times as long.
const SETTLES_WITHIN_SECONDS = 240;
// Longer than three health checks of the usual ten virtual seconds at the speed of these stacks.
const STAYS_SECONDS = 1.5;

/**
 * Waits until every deployment of both slots is over, no target drains, and each slot with tasks has healthy targets;
 * then a little longer, for what health checks find out. Answers with what is not so after a long while; undefined: it
 * is settled.
 */
export async function settled(world: World): Promise<string | undefined> {
  const untilMs = performance.now() + SETTLES_WITHIN_SECONDS * 1000;
  const outputs = await world.see.outputs();
  let calmSinceMs: number | undefined;
  for (;;) {
    const unrest = await unrestOf(world, outputs);
    const nowMs = performance.now();
    if (unrest === undefined) {
      calmSinceMs ??= nowMs;
      if (nowMs - calmSinceMs >= STAYS_SECONDS * 1000) return undefined;
    } else {
      calmSinceMs = undefined;
      if (nowMs > untilMs) return unrest;
    }
    await pause(250);
  }
}

async function unrestOf(
  world: World,
  { clusterName: cluster, slots }: StackOutputs,
): Promise<string | undefined> {
  const ecs = new ECSClient(world.see.sdk);
  const elb = new ElasticLoadBalancingV2Client(world.see.sdk);
  try {
    for (const slot of SLOTS) {
      const { running, targetGroupArn } = slots[slot];
      if (running?.serviceName === undefined) continue;
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster, services: [running.serviceName] }),
      );
      const [service] = services;
      const { desiredCount = 0, runningCount = 0, deployments = [] } = service ?? {};
      const isOver = deployments.length === 1 && deployments[0]?.rolloutState === "COMPLETED";
      const { TargetHealthDescriptions = [] } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
      );
      const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
      const isHealthy = states.length === desiredCount && states.every((state) => state === "healthy");
      if (isOver && isHealthy && runningCount === desiredCount) continue;
      const told = deployments.map(
        ({ rolloutState = "?", failedTasks = 0 }) => `${rolloutState} (${failedTasks} failed)`,
      );
      return `${slot} has ${runningCount} of ${desiredCount} tasks, deployments ${told.join(", ")}, targets ${states.join(", ")}`;
    }
    return undefined;
  } finally {
    ecs.destroy();
    elb.destroy();
  }
}
