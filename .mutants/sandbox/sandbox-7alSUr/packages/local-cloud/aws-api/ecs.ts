import type { Ecs } from "../tasks/ecs.ts";
import type { JsonService } from "./json-protocol.ts";

/** Amazon ECS as SDKs and the AWS CLI speak to it (AWS JSON 1.1). */
export function ecsService(ecs: Pick<Ecs, "operations">): JsonService {
  return {
    service: "ecs",
    targetPrefix: "AmazonEC2ContainerServiceV20141113",
    jsonVersion: "1.1",
    operations: ecs.operations,
  };
}
