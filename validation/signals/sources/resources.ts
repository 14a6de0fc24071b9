import {
  GPU_METRIC,
  SIGNAL_DIMENSIONS,
  SIGNAL_NAMESPACE,
  type Resource,
} from "../../../contract/signals/signal.ts";
import { defineSignalSource, TASKS } from "./define.ts";

// Amazon ECS Developer Guide, "Amazon ECS service utilization metrics": free, each minute, of services on Fargate and EC2.
const METRICS: Readonly<Record<Exclude<Resource, "gpu">, string>> = {
  cpu: "CPUUtilization",
  memory: "MemoryUtilization",
};

export const definition = defineSignalSource({
  from: "resources",
  metrics({ of }, { clusterName, serviceName, stack, slot }) {
    const isGpu = of === "gpu";
    const dimensions: Readonly<Record<string, string>> = isGpu
      ? { [SIGNAL_DIMENSIONS.stack]: stack, [SIGNAL_DIMENSIONS.slot]: slot }
      : { ClusterName: clusterName, ServiceName: serviceName ?? "" };
    return {
      namespace: isGpu ? SIGNAL_NAMESPACE : "AWS/ECS",
      numerator: isGpu ? GPU_METRIC : METRICS[of],
      denominator: TASKS,
      dimensions,
    };
  },
});
