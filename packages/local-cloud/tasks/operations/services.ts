import { randomInt } from "node:crypto";
import type { DescribeServicesResponse, ListServicesResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import type { Operations } from "../../aws-api/operations.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { findActiveService, findCluster, lookUpService, serviceKey, servicesIn } from "../control.ts";
import type { Control } from "../control.ts";
import { beginDeployment } from "../deployments.ts";
import type { ServiceRecord } from "../model.ts";
import { primaryOf } from "../model.ts";
import { keepWithinCapacity } from "../scaling.ts";
import { count, ecsInput, page, recorded, strings, text, toTags } from "./input.ts";
import { serviceAnswer } from "./service-answer.ts";
import { applyServiceInput, checkService, CreateService, invalid, UpdateService } from "./service-input.ts";

const Describe = v.strictObject({
  cluster: v.optional(v.string()),
  // ECS API: 1 to 10 services in one call.
  services: v.pipe(
    strings,
    v.minLength(1, "Services cannot be empty."),
    v.maxLength(10, "at most 10 services"),
  ),
  include: v.optional(strings, []),
});
const List = v.strictObject({
  cluster: v.optional(v.string()),
  nextToken: v.optional(v.string()),
  // ECS API: 10 unless asked for more.
  maxResults: v.optional(count(1, 100), 10),
  launchType: recorded,
  schedulingStrategy: recorded,
});
const Delete = v.strictObject({
  cluster: v.optional(v.string()),
  service: text,
  force: v.optional(v.boolean(), false),
});

export function serviceOperations(control: Control): Operations {
  return {
    CreateService: (input) => createService(control, input),
    UpdateService: (input) => updateService(control, input),
    DeleteService: (input) => deleteService(control, input),
    DescribeServices: (input) => describeServices(control, input),
    ListServices(raw): ListServicesResponse {
      const input = ecsInput("ListServices", List, raw);
      const services = servicesIn(control, findCluster(control, input.cluster));
      const arns = services.filter(({ status }) => status !== "INACTIVE").map(({ arn }) => arn);
      const { items, nextToken } = page(arns, input.maxResults, input.nextToken);
      return { serviceArns: items, nextToken };
    },
  };
}

function createService(control: Control, raw: Record<string, unknown>) {
  const input = ecsInput("CreateService", CreateService, raw);
  const cluster = findCluster(control, input.cluster);
  const existing = lookUpService(control, cluster, input.serviceName);
  if (existing?.status === "ACTIVE") throw invalid("Creation of service was not idempotent.");
  if (existing?.status === "DRAINING") throw invalid("Unable to Start a service that is still Draining.");
  if (input.launchType !== undefined && input.capacityProviderStrategy !== undefined) {
    throw invalid("Specifying both a launch type and capacity provider strategy is not supported.");
  }
  if (input.networkConfiguration === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
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
}

function updateService(control: Control, raw: Record<string, unknown>) {
  const input = ecsInput("UpdateService", UpdateService, raw);
  const service = findActiveService(control, input.cluster, input.service);
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
}

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

function deleteService(control: Control, raw: Record<string, unknown>) {
  const input = ecsInput("DeleteService", Delete, raw);
  const service = findActiveService(control, input.cluster, input.service);
  if (service.desiredCount > 0 && !input.force) {
    throw invalid("The service cannot be stopped while it is scaled above 0.");
  }
  service.status = "DRAINING";
  service.desiredCount = 0;
  wake(control, service);
  return { service: serviceAnswer(control, service, true) };
}

function describeServices(control: Control, raw: Record<string, unknown>): DescribeServicesResponse {
  const input = ecsInput("DescribeServices", Describe, raw);
  const cluster = findCluster(control, input.cluster);
  const found = input.services.map((name) => ({ name, service: lookUpService(control, cluster, name) }));
  const withTags = input.include.includes("TAGS");
  const missingArn = (name: string) =>
    arnOf("ecs", control.region, `service/${cluster.name}/${nameIn(name)}`);
  return {
    services: found.flatMap(({ service }) =>
      service === undefined ? [] : [serviceAnswer(control, service, withTags)],
    ),
    failures: found
      .filter(({ service }) => service === undefined)
      .map(({ name }) => ({ arn: missingArn(name), reason: "MISSING" })),
  };
}

function deploy(control: Control, service: ServiceRecord, taskDefinition: string): void {
  const digits = Array.from({ length: 19 }, () => randomInt(10)).join("");
  beginDeployment(service, taskDefinition, `ecs-svc/${digits}`, control.clock.now());
}

function wake(control: Control, service: ServiceRecord): void {
  control.runners.get(serviceKey(service.cluster, service.name))?.wake();
  control.changed();
}
