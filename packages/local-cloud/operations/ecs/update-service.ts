import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { ECS_SERVICE_WRITING } from "../../access/rate.ts";
import { onService } from "../../access/requires-ecs.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findActiveService, findCluster } from "../../tasks/control.ts";
import { primaryOf, type ServiceRecord } from "../../tasks/model.ts";
import { ecsInput, invalidParameter, text } from "../../tasks/resources/input.ts";
import { serviceAnswer } from "../../tasks/resources/service-answer.ts";
import { deploy, wake } from "../../tasks/resources/service-changes.ts";
import {
  applyServiceInput,
  checkCapacity,
  checkService,
  serviceMembers,
} from "../../tasks/resources/service-input.ts";
import { keepWithinCapacity } from "../../tasks/scaling.ts";

const Input = v.strictObject({
  ...serviceMembers,
  service: text,
  forceNewDeployment: v.optional(v.boolean(), false),
});

export default defineOperation({
  service: "ecs",
  name: "UpdateService",
  requires: onService,
  rate: ECS_SERVICE_WRITING,
  run(control, raw) {
    const input = ecsInput("UpdateService", Input, raw);
    const service = findActiveService(control, input.cluster, input.service);
    checkCapacity(findCluster(control, input.cluster), input);
    const { capacityProviderStrategy: strategy } = input;
    const changesStrategy =
      strategy !== undefined && !isDeepStrictEqual(strategy, service.capacityProviderStrategy);
    if (changesStrategy && !input.forceNewDeployment) {
      // In ECS's words: pipecd#6385.
      throw invalidParameter(
        "When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.",
      );
    }
    const current = primaryOf(service).taskDefinition;
    const loadBalancers = input.loadBalancers ?? service.loadBalancers;
    const { definition } = checkService(control, input, loadBalancers, current);
    const wanted = definition.taskDefinitionArn ?? "";
    const before = launchParameters(service);
    applyServiceInput(service, input);
    if (wanted !== current || input.forceNewDeployment || launchParameters(service) !== before) {
      deploy(control, service, wanted);
    }
    keepWithinCapacity(control.model, service);
    wake(control, service);
    return { service: serviceAnswer(control, service, true) };
  },
});

/** ECS API, UpdateService: what only counts when a task is started takes a new deployment. */
function launchParameters(service: ServiceRecord): string {
  const { loadBalancers, networkConfiguration, capacityProviderStrategy, recorded } = service;
  const { platformVersion, enableExecuteCommand } = recorded;
  return JSON.stringify([
    loadBalancers,
    networkConfiguration,
    capacityProviderStrategy,
    platformVersion,
    enableExecuteCommand,
  ]);
}
