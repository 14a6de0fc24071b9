import type { Cluster, DescribeClustersResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { clusterArn } from "../../access/requires-ecs.ts";
import { onEach } from "../../access/requires.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { clusterAnswer } from "../../tasks/resources/clusters.ts";
import { ecsInput, strings } from "../../tasks/resources/input.ts";

const Input = v.strictObject({
  clusters: v.optional(strings, ["default"]),
  include: v.optional(strings, []),
});

export default defineOperation({
  service: "ecs",
  name: "DescribeClusters",
  requires: onEach("clusters", clusterArn),
  run(control, raw): DescribeClustersResponse {
    const { model, region } = control;
    const input = ecsInput("DescribeClusters", Input, raw);
    const found = input.clusters.map((name) => ({ name, cluster: model.clusters[nameIn(name)] }));
    return {
      clusters: found.flatMap(({ cluster }) =>
        cluster === undefined ? [] : [described(clusterAnswer(control, cluster), input.include)],
      ),
      failures: found
        .filter(({ cluster }) => cluster === undefined)
        .map(({ name }) => ({ arn: arnOf("ecs", region, `cluster/${nameIn(name)}`), reason: "MISSING" })),
    };
  },
});

/** ECS API, DescribeClusters: tags and settings are there when they are asked for. */
function described(cluster: Cluster, include: readonly string[]): Cluster {
  return {
    ...cluster,
    ...(include.includes("TAGS") ? {} : { tags: [] }),
    ...(include.includes("SETTINGS") ? {} : { settings: [] }),
  };
}
