import * as aws from "@pulumi/aws";
import type { Place } from "./component/place.ts";
import { stackTags } from "./tags.ts";

export function createCluster(place: Place): aws.ecs.Cluster {
  return new aws.ecs.Cluster(
    place.name("cluster"),
    {
      name: place.names.cluster,
      // The alarms need only the free AWS/ECS metrics. Said here, because an account's own default may differ.
      settings: [{ name: "containerInsights", value: "disabled" }],
      tags: { ...stackTags(place) },
    },
    place.options("cluster"),
  );
}
