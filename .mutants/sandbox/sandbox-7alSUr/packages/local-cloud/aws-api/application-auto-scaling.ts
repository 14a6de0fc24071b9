import type { Ecs } from "../tasks/ecs.ts";
import type { JsonService } from "./json-protocol.ts";

/** Application Auto Scaling as SDKs and the AWS CLI speak to it (AWS JSON 1.1). */
export function applicationAutoScalingService(ecs: Pick<Ecs, "autoScalingOperations">): JsonService {
  return {
    service: "application-autoscaling",
    targetPrefix: "AnyScaleFrontendService",
    jsonVersion: "1.1",
    operations: ecs.autoScalingOperations,
  };
}
