import * as v from "valibot";
import { onCluster } from "../../access/requires-ecs.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { findCluster, servicesIn } from "../../tasks/control.ts";
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
    const inUse = servicesIn(control, cluster)
      .filter(({ status }) => status === "ACTIVE")
      .flatMap(({ capacityProviderStrategy }) => capacityProviderStrategy)
      .some(({ capacityProvider = "" }) => !input.capacityProviders.includes(capacityProvider));
    if (inUse) {
      // In ECS's words: aws-cdk#15366.
      throw new AwsError(
        "ResourceInUseException",
        "The specified capacity provider is in use and cannot be removed.",
      );
    }
    checkProviders(input.capacityProviders, input.defaultCapacityProviderStrategy);
    cluster.capacityProviders = input.capacityProviders;
    cluster.defaultCapacityProviderStrategy = input.defaultCapacityProviderStrategy;
    control.changed();
    return { cluster: clusterAnswer(control, cluster) };
  },
});
