import type * as pulumi from "@pulumi/pulumi";
import type { GivenCluster } from "../cluster.ts";
import type { Place } from "../component/place.ts";
import type { Beside } from "./sidecars.ts";
import type { PerSlot } from "../../contract/slot.ts";
import type { LastingConfig } from "../config.ts";
import type { Entrance } from "../network/load-balancer.ts";
import type { TaskNetwork } from "../network/task-network.ts";

/** What a slot's service needs around it. */
export interface SlotGround {
  readonly place: Place;
  readonly config: LastingConfig;
  /** Slots whose variables are kept secret. */
  readonly hidden: PerSlot<boolean>;
  /** Slots whose tasks the update leaves as they are. */
  readonly kept: PerSlot<boolean>;
  readonly cluster: GivenCluster;
  readonly entrance: Entrance;
  readonly taskNetwork: TaskNetwork;
  /** What the cluster's services may run on, beside Fargate. */
  readonly capacity: readonly pulumi.Resource[];
  /** The route and the test rules. */
  readonly rules: readonly pulumi.Resource[];
  readonly beside: Beside;
  /** Whom the slots' composite alarms call; undefined: nobody. */
  readonly alarmActions: pulumi.Output<string[] | undefined>;
}
