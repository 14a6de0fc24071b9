import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { NetworkConfig } from "../../contract/config/sections.ts";
import type { Custom } from "../custom-parts.ts";
import type { StackParts } from "../outputs.ts";
import type { Sidecar } from "../slot/sidecars.ts";
import type { Transforms } from "./transform.ts";

/** Sections of the configuration that a program may give defaults for; the stack's configuration goes before. */
type Settings = Partial<{
  readonly [K in "service" | "thresholds" | "rollout" | "iam" | "suite" | "labels"]: Partial<StackConfig[K]>;
}>;

/** What a network's settings may be made of in the same program. */
type GivenNetwork = {
  readonly [K in keyof NetworkConfig]?: NetworkConfig[K] extends string | undefined
    ? pulumi.Input<string>
    : NetworkConfig[K] extends readonly string[]
      ? readonly pulumi.Input<string>[]
      : NetworkConfig[K];
};

/** A cluster of the program's own, or one that is there already. */
export interface GivenCluster {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}

export interface BlueGreenServiceArgs extends Settings {
  /** `vpcId`, subnets and `listenerArn` may be outputs of resources of the same program. */
  readonly network?: GivenNetwork;
  /** undefined: the component makes its own. */
  readonly cluster?: GivenCluster;
  /** Security groups of the tasks; undefined: one that lets in the load balancer alone. */
  readonly taskSecurityGroupIds?: readonly pulumi.Input<string>[];
  /** Containers beside the model, by name; in both slots, from each one's next deploy of tasks. */
  readonly sidecars?: Readonly<Record<string, Sidecar>>;
  /** Volumes of the tasks, which containers mount. */
  readonly volumes?: readonly pulumi.Input<Volume>[];
  /** What no option names: the arguments of a child, as they are meant → as they shall be. */
  readonly transform?: Transforms;
  /** Whom the composite alarm of each slot calls, such as the ARN of an SNS topic. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /** Called last, with everything that was made: outputs of its own, and whom the alarms call. */
  readonly custom?: (parts: StackParts) => Custom | Promise<Custom>;
}

export type Volume = import("@pulumi/aws").types.input.ecs.TaskDefinitionVolume;
