import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetCounts } from "../core/observation.ts";
import type { Health } from "../ports.ts";

export function elbHealth(client: () => Promise<ElasticLoadBalancingV2Client>): Health {
  return {
    async targets(targetGroupArn) {
      const { DescribeTargetHealthCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
      const { TargetHealthDescriptions = [] } = await (await client()).send(command);
      const states = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
      return countStates(states);
    },
  };
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
  for (const state of states) counts[COUNTED[state] ?? "other"] += 1;
  return counts;
}
