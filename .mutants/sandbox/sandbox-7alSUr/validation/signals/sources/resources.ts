import type { Resource } from "../../../contract/signals/signal.ts";
import { defineSignalSource, TASKS } from "./define.ts";

// Amazon ECS Developer Guide, "Amazon ECS service utilization metrics": free, each minute, of services on Fargate and EC2.
const METRICS: Readonly<Record<Resource, string>> = { cpu: "CPUUtilization", memory: "MemoryUtilization" };

export const definition = defineSignalSource({
  from: "resources",
  metrics: ({ of }, { clusterName, serviceName }) => ({
    namespace: "AWS/ECS",
    numerator: METRICS[of],
    denominator: TASKS,
    dimensions: { ClusterName: clusterName, ServiceName: serviceName ?? "" },
  }),
});
