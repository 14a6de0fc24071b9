import * as aws from "@pulumi/aws";
import { stackSlug } from "../contract/names.ts";
import { stackTags } from "./tags.ts";

export function createCluster(stack: string): aws.ecs.Cluster {
  return new aws.ecs.Cluster("cluster", {
    name: stackSlug(stack),
    // The alarms need only the free AWS/ECS metrics. Said here, because an account's own default may differ.
    settings: [{ name: "containerInsights", value: "disabled" }],
    tags: { ...stackTags(stack) },
  });
}
