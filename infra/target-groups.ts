import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../contract/names.ts";
import type { Slot } from "../contract/slot.ts";
import type { LastingConfig } from "./config.ts";
import type { Network } from "./network.ts";
import { modelTags } from "./tags.ts";

export interface TargetGroups {
  /** What everything of the slot hangs under, so that a preview shows two slots and not thirty resources. */
  readonly component: pulumi.ComponentResource;
  readonly production: aws.lb.TargetGroup;
  readonly test: aws.lb.TargetGroup;
}

// ELB needs two passes for a task that has failed before, and takes a task out after three failures: 30 seconds.
const HEALTH_CHECK = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 3 } as const;

/** A slot's target groups. They stand even while the slot is empty, so the route always lists both slots. */
export function createTargetGroups(
  slot: Slot,
  names: Names,
  { service, rollout, slots }: LastingConfig,
  network: Network,
): TargetGroups {
  const component = new SlotComponent(slot);
  // What ELB cannot change in place stands in the name, so the new group can stand beside the old one.
  const forcing = {
    port: service.port,
    protocol: "HTTP",
    protocolVersion: service.protocol,
    targetType: "ip",
  };
  const create = (use: "production" | "test") =>
    new aws.lb.TargetGroup(
      `${slot}-${use}`,
      {
        ...forcing,
        name: names.targetGroup(slot, use, [...Object.values(forcing).map(String), network.vpcKey]),
        vpcId: network.vpcId,
        healthCheck: {
          ...HEALTH_CHECK,
          enabled: true,
          path: service.healthPath,
          port: "traffic-port",
          protocol: "HTTP",
          matcher: "200",
        },
        deregistrationDelay: service.drainSeconds,
        loadBalancingAlgorithmType: "round_robin",
        // A cookie of the group would pin users to a slot beyond the reach of the weights.
        stickiness: { enabled: false, type: "lb_cookie" },
        tags: { ...modelTags(names, slot, slots[slot]) },
      },
      { parent: component, protect: rollout.protect },
    );
  return { component, production: create("production"), test: create("test") };
}

class SlotComponent extends pulumi.ComponentResource {
  constructor(slot: Slot) {
    super("bluegreen:slot:Slot", slot);
    this.registerOutputs();
  }
}
