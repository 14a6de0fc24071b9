import { randomInt } from "node:crypto";
import { serviceKey } from "../control.ts";
import type { EcsControl } from "../control.ts";
import { beginDeployment } from "../deployments.ts";
import type { ServiceRecord } from "../model.ts";

/** Begins a deployment of the task definition, with an id as ECS makes them. */
export function deploy(control: EcsControl, service: ServiceRecord, taskDefinition: string): void {
  const digits = Array.from({ length: 19 }, () => randomInt(10)).join("");
  beginDeployment(service, taskDefinition, `ecs-svc/${digits}`, control.clock.now());
}

/** Has what keeps the service's tasks look at its record again. */
export function wake(control: EcsControl, service: ServiceRecord): void {
  control.runners.get(serviceKey(service.cluster, service.name))?.wake();
  control.changed();
}
