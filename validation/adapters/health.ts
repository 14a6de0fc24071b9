import type {
  ElasticLoadBalancingV2Client,
  TargetHealth,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetCounts } from "../core/observation.ts";
import type { Health } from "../ports.ts";
import { whileThrottled } from "./backoff.ts";

export function elbHealth(client: () => Promise<ElasticLoadBalancingV2Client>): Health {
  const describe = async (targetGroupArn: string): Promise<readonly TargetHealthDescription[]> => {
    const { DescribeTargetHealthCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const sender = await client();
    return (await whileThrottled(() => sender.send(command))).TargetHealthDescriptions ?? [];
  };
  return {
    async targets(targetGroupArn) {
      const targets = await describe(targetGroupArn);
      return countStates(targets.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown"));
    },
    async zones(targetGroupArn) {
      const zones = (await describe(targetGroupArn)).map(({ Target }) => Target?.AvailabilityZone);
      // ELB, RegisterTargets: `all` is the zone of an address outside the VPC, and no zone that is measured.
      return [...new Set(zones.filter((zone) => zone !== undefined).filter((zone) => zone !== "all"))].sort();
    },
    async failedChecks(targetGroupArn) {
      const found = (await describe(targetGroupArn)).flatMap(({ TargetHealth: health }) =>
        health?.State === "unhealthy" ? [inWords(health)] : [],
      );
      return [...new Set(found)];
    },
  };
}

/** In the load balancer's words. Of an answer that never came it cannot know why, and a listener or groups may be another's. */
function inWords({ Reason, Description }: TargetHealth): string {
  const words = Description ?? Reason ?? "unhealthy";
  return Reason === "Target.Timeout"
    ? `${words}: no answer in time, or a security group lets none through (out of the load balancer, or into the tasks)`
    : words;
}

const COUNTED: Readonly<Record<string, keyof TargetCounts>> = {
  healthy: "healthy",
  unhealthy: "unhealthy",
  initial: "initial",
  draining: "draining",
  "unhealthy.draining": "draining",
};

function countStates(states: readonly string[]): TargetCounts {
  const counts = { healthy: 0, unhealthy: 0, initial: 0, draining: 0, other: 0 };
  for (const state of states)
    counts[(Object.hasOwn(COUNTED, state) ? COUNTED[state] : undefined) ?? "other"] += 1;
  return counts;
}
