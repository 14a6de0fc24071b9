import * as v from "valibot";
import { clusterArn, ECS_TAG } from "../../access/requires-ecs.ts";
import { creating, named } from "../../access/requires.ts";
import { arnOf } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import type { ClusterRecord } from "../../tasks/model.ts";
import { checkProviders, clusterAnswer, Strategy } from "../../tasks/resources/clusters.ts";
import { ecsInput, recorded, strings, tagList, toTags, unsupported } from "../../tasks/resources/input.ts";

const Input = v.strictObject({
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

export default defineOperation({
  service: "ecs",
  name: "CreateCluster",
  requires: creating(ECS_TAG, named("clusterName", clusterArn)),
  run(control, raw) {
    const { model, region, changed } = control;
    const input = ecsInput("CreateCluster", Input, raw);
    checkProviders(input.capacityProviders, input.defaultCapacityProviderStrategy);
    const existing = model.clusters[input.clusterName];
    // ECS: creating a cluster that exists answers the existing one.
    if (existing?.status === "ACTIVE") return { cluster: clusterAnswer(control, existing) };
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
    return { cluster: clusterAnswer(control, cluster) };
  },
});
