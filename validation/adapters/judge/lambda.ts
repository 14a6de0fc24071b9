import { answerHook } from "../../judge/ecs-flows.ts";
import type { EcsHookAnswer } from "../../judge/ecs.ts";
import { cloudWatchMetrics } from "../metrics.ts";
import { elbHealth } from "../health.ts";
import { lazily, PATIENCE } from "../target.ts";
import { ecsDeployments } from "./ecs-deployments.ts";

const ecs = lazily(async () => {
  const { ECSClient } = await import("@aws-sdk/client-ecs");
  return new ECSClient({ requestHandler: PATIENCE });
});
const elb = lazily(async () => {
  const { ElasticLoadBalancingV2Client } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  return new ElasticLoadBalancingV2Client({ requestHandler: PATIENCE });
});
const cloudWatch = lazily(async () => {
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  return new CloudWatchClient({ requestHandler: PATIENCE });
});

/** Lambda's entry point: a lifecycle hook of an ECS service. It keeps nothing between calls but what ECS hands back. */
export async function handler(event: unknown): Promise<EcsHookAnswer> {
  const ports = {
    metrics: cloudWatchMetrics(cloudWatch),
    deployments: ecsDeployments(ecs, elbHealth(elb)),
    now: Date.now,
    log: (line: string) => console.log(line),
  };
  return answerHook(ports, event);
}
