import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceOf } from "../../contract/config/model-service.ts";
import { protectedIf, type Place } from "../component/place.ts";
import type { TargetGroupUse } from "../../contract/names/names.ts";
import type { Slot } from "../../contract/slot.ts";
import type { LastingConfig } from "../config.ts";
import type { Network } from "../network/network.ts";
import { modelTags } from "../tags.ts";

export interface TargetGroups {
  /** What everything of the slot hangs under, so that a preview shows two slots and not thirty resources. */
  readonly component: pulumi.ComponentResource;
  /** That they were made with. */
  readonly port: number;
  readonly production: aws.lb.TargetGroup;
  readonly test: aws.lb.TargetGroup;
  /** Of requests of cohorts; undefined: the slot's model was deployed without it. */
  readonly cohort: aws.lb.TargetGroup | undefined;
}

/**
 * A slot's target groups. They stand even while the slot is empty, so the route always lists both slots. `madePort`: the
 * port that they were made with; undefined: they are new. ELB cannot change it, and nothing asks for it: ECS registers
 * each task with its own port, which is also where the health check goes. So it stays, and a model on another port
 * leaves the groups, and with them the route, as they are.
 */
export function createTargetGroups(
  slot: Slot,
  place: Place,
  config: LastingConfig,
  network: Network,
  madePort: number | undefined,
): TargetGroups {
  const { rollout, slots } = config;
  const service = serviceOf(config, slot);
  const component = new SlotComponent(place, slot);
  // What ELB cannot change in place stands in the name, so the new group can stand beside the old one.
  const forcing = {
    port: madePort ?? service.port,
    protocol: "HTTP",
    protocolVersion: service.protocol,
    targetType: "ip",
  };
  const create = (use: TargetGroupUse) =>
    new aws.lb.TargetGroup(
      place.name(`${slot}-${use}`),
      place.transform("targetGroup", `${slot}-${use}`, {
        ...forcing,
        name: place.names.targetGroup(slot, use, [...Object.values(forcing).map(String), network.vpcKey]),
        vpcId: network.vpcId,
        healthCheck: {
          enabled: true,
          path: service.healthPath,
          port: "traffic-port",
          protocol: "HTTP",
          matcher: service.healthMatcher,
          interval: service.healthIntervalSeconds,
          timeout: service.healthTimeoutSeconds,
          healthyThreshold: service.healthyThreshold,
          unhealthyThreshold: service.unhealthyThreshold,
        },
        deregistrationDelay: service.drainSeconds,
        loadBalancingAlgorithmType: service.algorithm,
        // A group that never had one keeps its inputs.
        ...(service.slowStartSeconds > 0 && { slowStart: service.slowStartSeconds }),
        // A cookie of the group would pin users to a slot beyond the reach of the weights.
        stickiness: { enabled: false, type: "lb_cookie" },
        tags: { ...modelTags(place, slot, slots[slot]) },
      }),
      { ...place.options(`${slot}-${use}`, component), ...protectedIf(rollout.protect) },
    );
  return {
    component,
    port: forcing.port,
    production: create("production"),
    test: create("test"),
    cohort: slots[slot].cohortGroup ? create("cohort") : undefined,
  };
}

class SlotComponent extends pulumi.ComponentResource {
  constructor(place: Place, slot: Slot) {
    super("bluegreen:slot:Slot", place.name(slot), {}, place.options(slot));
    this.registerOutputs();
  }
}
