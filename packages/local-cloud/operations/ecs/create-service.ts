import * as v from "valibot";
import { ECS_SERVICE_WRITING } from "../../access/rate.ts";
import { ECS_TAG, serviceArn } from "../../access/requires-ecs.ts";
import { creating, named } from "../../access/requires.ts";
import { arnOf } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster, lookUpService, serviceKey } from "../../tasks/control.ts";
import type { ServiceRecord } from "../../tasks/model.ts";
import {
  ecsInput,
  invalidParameter,
  only,
  recorded,
  tagList,
  text,
  toTags,
} from "../../tasks/resources/input.ts";
import { serviceAnswer } from "../../tasks/resources/service-answer.ts";
import { deploy } from "../../tasks/resources/service-changes.ts";
import {
  applyServiceInput,
  checkCapacity,
  checkService,
  serviceMembers,
} from "../../tasks/resources/service-input.ts";
import { keepWithinCapacity } from "../../tasks/scaling.ts";

const Input = v.strictObject({
  ...serviceMembers,
  serviceName: v.pipe(v.string(), v.regex(/^[\w-]{1,255}$/, "Service name is invalid.")),
  taskDefinition: text,
  launchType: only("FARGATE"),
  schedulingStrategy: only("REPLICA"),
  clientToken: recorded,
  role: recorded,
  tags: tagList,
});

export default defineOperation({
  service: "ecs",
  name: "CreateService",
  requires: creating(ECS_TAG, named("serviceName", serviceArn)),
  rate: ECS_SERVICE_WRITING,
  run(control, raw) {
    const input = ecsInput("CreateService", Input, raw);
    const cluster = findCluster(control, input.cluster);
    const existing = lookUpService(control, cluster, input.serviceName);
    if (existing?.status === "ACTIVE") throw invalidParameter("Creation of service was not idempotent.");
    if (existing?.status === "DRAINING")
      throw invalidParameter("Unable to Start a service that is still Draining.");
    if (input.launchType !== undefined && input.capacityProviderStrategy !== undefined) {
      throw invalidParameter(
        "Specifying both a launch type and capacity provider strategy is not supported.",
      );
    }
    if (input.networkConfiguration === undefined) {
      throw invalidParameter(
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      );
    }
    checkCapacity(cluster, input);
    const definition = checkService(control, input, input.loadBalancers ?? [], input.taskDefinition);
    const service: ServiceRecord = {
      name: input.serviceName,
      arn: arnOf("ecs", control.region, `service/${cluster.name}/${input.serviceName}`),
      cluster: cluster.name,
      status: "ACTIVE",
      desiredCount: 0,
      createdAtMs: control.clock.now(),
      deployments: [],
      lastCompletedId: undefined,
      loadBalancers: [],
      // ECS API: the defaults of a REPLICA service.
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      circuitBreaker: { enable: false, rollback: false, resetOnHealthyTask: true },
      healthCheckGracePeriodSeconds: 0,
      networkConfiguration: undefined,
      capacityProviderStrategy: [],
      launchType: "FARGATE",
      recorded: {},
      events: [],
      tags: toTags(input.tags),
    };
    applyServiceInput(service, input);
    deploy(control, service, definition.definition.taskDefinitionArn ?? "");
    control.model.services[serviceKey(cluster.name, service.name)] = service;
    keepWithinCapacity(control.model, service);
    control.run(service);
    control.changed();
    return { service: serviceAnswer(control, service, true) };
  },
});
