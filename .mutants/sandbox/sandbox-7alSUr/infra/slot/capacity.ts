import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { SPOT, type Capacity } from "../../contract/config/capacity.ts";
import { serviceOf } from "../../contract/config/model-service.ts";
import { SLOTS } from "../../contract/slot.ts";
import type { TaskSettings } from "../../contract/config/task-settings.ts";
import type { GivenCluster } from "../cluster.ts";
import type { Place } from "../component/place.ts";
import type { LastingConfig } from "../config.ts";

/** How a service says what its tasks run on: a launch type, or a strategy of capacity providers. */
export type Placement = Pick<aws.ecs.ServiceArgs, "launchType" | "capacityProviderStrategies">;

// ECS: a provider with weight 0 places no tasks, so the one with the base needs a weight, too.
const SPOT_STRATEGY = [
  { capacityProvider: "FARGATE", base: SPOT.onDemandBase, weight: SPOT.onDemandWeight },
  { capacityProvider: "FARGATE_SPOT", weight: SPOT.spotWeight },
];

export function placementOf({ capacity, capacityProvider }: TaskSettings): Placement {
  const placements: Readonly<Record<Capacity, Placement>> = {
    fargate: { launchType: "FARGATE" },
    fargateSpot: { capacityProviderStrategies: SPOT_STRATEGY },
    ec2: { capacityProviderStrategies: [{ capacityProvider, weight: 1 }] },
  };
  return placements[capacity];
}

/**
 * Lets the cluster's services use capacity providers; a stack on Fargate alone needs none. There is no default
 * strategy: one would show as a change of a service that declares its own (pulumi/pulumi-aws#5903).
 */
export function createCapacity(
  place: Place,
  cluster: GivenCluster,
  config: LastingConfig,
): readonly pulumi.Resource[] {
  const used = SLOTS.map((slot) => serviceOf(config, slot));
  if (used.every(({ capacity }) => capacity === "fargate")) return [];
  const own = new Set(used.flatMap(({ capacityProvider }) => capacityProvider ?? []));
  return [
    new aws.ecs.ClusterCapacityProviders(
      place.name("capacity"),
      { clusterName: cluster.name, capacityProviders: ["FARGATE", "FARGATE_SPOT", ...own] },
      place.options("capacity"),
    ),
  ];
}
