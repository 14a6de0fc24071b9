import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Place } from "./component/place.ts";
import { stackTags } from "./tags.ts";

/** A cluster of the program's own, or one that is there already. */
export interface GivenCluster {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}

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
