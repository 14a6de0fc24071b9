import { integer, oneOf, text } from "./field.ts";

/** Who runs the tasks of a slot: an ECS service of the stack, or something else that registers its targets. */
export const KINDS = ["ecs", "external"] as const;
export type Kind = (typeof KINDS)[number];

export const kind = oneOf(
  KINDS,
  "ecs",
  "Who runs the model: `ecs`, a service of this stack; `external`, something else registers the targets (Kubernetes, EC2, on-premises: docs/fleet/external.md).",
);

/** What the tasks of a slot run on. */
export const CAPACITIES = ["fargate", "fargateSpot", "ec2"] as const;
export type Capacity = (typeof CAPACITIES)[number];

export const capacity = oneOf(
  CAPACITIES,
  "fargate",
  "What tasks run on: Fargate, Fargate Spot (at least one task stays on demand), or EC2 instances of your own.",
);
/**
 * With Fargate Spot one task of a slot is always on demand, so that an interruption of Spot empties no slot; of the
 * others four in five are on Spot.
 */
export const SPOT = { onDemandBase: 1, onDemandWeight: 1, spotWeight: 4 } as const;

// Fargate has none; the largest GPU instances of EC2 have 16.
export const gpus = integer({ min: 0, max: 16, unit: "GPUs" }, 0, "GPUs of one task; tasks on EC2 alone.");
export const capacityProvider = text(
  /^(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}$/i,
  "the name of a capacity provider of an Auto Scaling group",
  "Capacity provider whose instances run the tasks, when the capacity is `ec2`.",
);
