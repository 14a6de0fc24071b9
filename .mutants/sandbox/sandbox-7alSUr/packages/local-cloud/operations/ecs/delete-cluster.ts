import * as v from "valibot";
import { onCluster } from "../../access/requires-ecs.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { findCluster, servicesIn } from "../../tasks/control.ts";
import { clusterAnswer } from "../../tasks/resources/clusters.ts";
import { ecsInput, text } from "../../tasks/resources/input.ts";

const Input = v.strictObject({ cluster: text });

export default defineOperation({
  service: "ecs",
  name: "DeleteCluster",
  requires: onCluster,
  run(control, raw) {
    const { cluster: name } = ecsInput("DeleteCluster", Input, raw);
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
    control.changed();
    return { cluster: clusterAnswer(control, cluster) };
  },
});
