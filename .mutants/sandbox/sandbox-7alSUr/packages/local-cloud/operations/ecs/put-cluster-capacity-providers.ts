import * as v from "valibot";
import { onCluster } from "../../access/requires-ecs.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster } from "../../tasks/control.ts";
import { checkProviders, clusterAnswer, Strategy } from "../../tasks/resources/clusters.ts";
import { ecsInput, strings, text } from "../../tasks/resources/input.ts";

const Input = v.strictObject({
  cluster: text,
  capacityProviders: strings,
  defaultCapacityProviderStrategy: Strategy,
});

export default defineOperation({
  service: "ecs",
  name: "PutClusterCapacityProviders",
  requires: onCluster,
  run(control, raw) {
    const input = ecsInput("PutClusterCapacityProviders", Input, raw);
    const cluster = findCluster(control, input.cluster);
    checkProviders(input.capacityProviders, input.defaultCapacityProviderStrategy);
    cluster.capacityProviders = input.capacityProviders;
    cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
    control.changed();
    return { cluster: clusterAnswer(control, cluster) };
  },
});
