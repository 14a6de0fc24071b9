import type { Cluster, DescribeClustersResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { findCluster, servicesIn, tasksOfService } from "../control.ts";
import type { Control } from "../control.ts";
import type { ClusterRecord } from "../model.ts";
import { ecsInput, fromTags, recorded, strings, tagList, text, toTags, unsupported } from "./input.ts";

const Strategy = v.array(
  v.strictObject({ capacityProvider: text, weight: v.optional(v.number()), base: v.optional(v.number()) }),
);
const CreateCluster = v.strictObject({
  clusterName: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,255}$/, "Invalid cluster name")), "default"),
  tags: tagList,
  settings: v.optional(
    v.array(v.looseObject({ name: v.optional(v.any()), value: v.optional(v.string()) })),
    [],
  ),
  configuration: recorded,
  capacityProviders: v.optional(strings, []),
  defaultCapacityProviderStrategy: v.optional(Strategy, []),
  serviceConnectDefaults: unsupported,
});
const PutCapacityProviders = v.strictObject({
  cluster: text,
  capacityProviders: strings,
  defaultCapacityProviderStrategy: Strategy,
});

export function clusterOperations(control: Control): Operations {
  const { model, region, changed } = control;
  return {
    CreateCluster(raw) {
      const input = ecsInput("CreateCluster", CreateCluster, raw);
      checkProviders(input.capacityProviders, input.defaultCapacityProviderStrategy);
      const existing = model.clusters[input.clusterName];
      // ECS: creating a cluster that exists answers the existing one.
      if (existing?.status === "ACTIVE") return { cluster: answer(control, existing) };
      const cluster: ClusterRecord = {
        name: input.clusterName,
        arn: arnOf("ecs", region, `cluster/${input.clusterName}`),
        status: "ACTIVE",
        settings: input.settings,
        capacityProviders: input.capacityProviders,
        defaultCapacityProviderStrategy: input.defaultCapacityProviderStrategy,
        tags: toTags(input.tags),
      };
      model.clusters[cluster.name] = cluster;
      changed();
      return { cluster: answer(control, cluster) };
    },
    DescribeClusters(raw): DescribeClustersResponse {
      const Input = v.strictObject({
        clusters: v.optional(strings, ["default"]),
        include: v.optional(strings, []),
      });
      const input = ecsInput("DescribeClusters", Input, raw);
      const found = input.clusters.map((name) => ({ name, cluster: model.clusters[nameIn(name)] }));
      return {
        clusters: found.flatMap(({ cluster }) =>
          cluster === undefined ? [] : [described(answer(control, cluster), input.include)],
        ),
        failures: found
          .filter(({ cluster }) => cluster === undefined)
          .map(({ name }) => ({ arn: arnOf("ecs", region, `cluster/${nameIn(name)}`), reason: "MISSING" })),
      };
    },
    DeleteCluster(raw) {
      const { cluster: name } = ecsInput("DeleteCluster", v.strictObject({ cluster: text }), raw);
      const cluster = findCluster(control, name);
      const services = servicesIn(control, cluster);
      if (services.some(({ status }) => status === "ACTIVE")) {
        const message = "The Cluster cannot be deleted while Services are active.";
        throw new AwsError("ClusterContainsServicesException", message);
      }
      if (services.some(({ status }) => status === "DRAINING")) {
        throw new AwsError(
          "ClusterContainsTasksException",
          "The Cluster cannot be deleted while Tasks are active.",
        );
      }
      cluster.status = "INACTIVE";
      changed();
      return { cluster: answer(control, cluster) };
    },
    PutClusterCapacityProviders(raw) {
      const input = ecsInput("PutClusterCapacityProviders", PutCapacityProviders, raw);
      const cluster = findCluster(control, input.cluster);
      checkProviders(input.capacityProviders, input.defaultCapacityProviderStrategy);
      cluster.capacityProviders = input.capacityProviders;
      cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
      changed();
      return { cluster: answer(control, cluster) };
    },
  };
}

/** ECS API, DescribeClusters: tags and settings are there when they are asked for. */
function described(cluster: Cluster, include: readonly string[]): Cluster {
  return {
    ...cluster,
    ...(include.includes("TAGS") ? {} : { tags: [] }),
    ...(include.includes("SETTINGS") ? {} : { settings: [] }),
  };
}

function checkProviders(
  providers: readonly string[],
  strategy: readonly { readonly capacityProvider: string }[],
): void {
  const names = [...providers, ...strategy.map(({ capacityProvider }) => capacityProvider)];
  const unknown = names.find((name) => name !== "FARGATE" && name !== "FARGATE_SPOT");
  if (unknown === undefined) return;
  throw new AwsError(
    "InvalidParameterException",
    `The specified capacity provider '${unknown}' was not found; the local cloud has FARGATE and FARGATE_SPOT.`,
  );
}

function answer(control: Control, cluster: ClusterRecord): Cluster {
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
