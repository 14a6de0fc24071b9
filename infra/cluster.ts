import * as aws from "@pulumi/aws";
import type { Names } from "../contract/names/names.ts";
import { stackTags } from "./tags.ts";

export function createCluster(names: Names): aws.ecs.Cluster {
  return new aws.ecs.Cluster("cluster", {
    name: names.cluster,
    // The alarms need only the free AWS/ECS metrics. Said here, because an account's own default may differ.
    settings: [{ name: "containerInsights", value: "disabled" }],
    tags: { ...stackTags(names) },
  });
}
