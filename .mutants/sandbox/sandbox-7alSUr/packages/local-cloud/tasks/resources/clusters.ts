import type { Cluster } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { servicesIn, tasksOfService } from "../control.ts";
import type { EcsControl } from "../control.ts";
import type { ClusterRecord } from "../model.ts";
import { fromTags, invalidParameter, text } from "./input.ts";

export const Strategy = v.array(
  v.strictObject({ capacityProvider: text, weight: v.optional(v.number()), base: v.optional(v.number()) }),
);

export function checkProviders(
  providers: readonly string[],
  strategy: readonly { readonly capacityProvider: string }[],
): void {
  const names = [...providers, ...strategy.map(({ capacityProvider }) => capacityProvider)];
  const unknown = names.find((name) => name !== "FARGATE" && name !== "FARGATE_SPOT");
  if (unknown === undefined) return;
  throw invalidParameter(
    `The specified capacity provider '${unknown}' was not found; the local cloud has FARGATE and FARGATE_SPOT.`,
  );
}

/** The cluster with all that ECS knows of it. */
export function clusterAnswer(control: EcsControl, cluster: ClusterRecord): Cluster {
  const services = servicesIn(control, cluster);
  const tasks = services.flatMap((service) => tasksOfService(control, service));
  const pending = new Set(["PROVISIONING", "PENDING", "ACTIVATING"]);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(({ status }) => status === "RUNNING").length,
    pendingTasksCount: tasks.filter(({ status }) => pending.has(status)).length,
    activeServicesCount: services.filter(({ status }) => status === "ACTIVE").length,
    statistics: [],
    tags: fromTags(cluster.tags),
    settings: cluster.settings,
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy,
  };
}
