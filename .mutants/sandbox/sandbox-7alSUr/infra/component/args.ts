import type * as pulumi from "@pulumi/pulumi";
import type { GivenCluster } from "../cluster.ts";
import type { Custom } from "../custom-parts.ts";
import type { StackParts } from "../outputs.ts";
import type { Sidecar, Volume } from "../slot/sidecars.ts";
import type { ProgramSections } from "./given.ts";
import type { ChildTransforms } from "./transform.ts";

export interface BlueGreenServiceArgs extends ProgramSections {
  /** undefined: the component makes its own. */
  readonly cluster?: GivenCluster;
  /** Security groups of the tasks; undefined: one that lets in the load balancer alone. */
  readonly taskSecurityGroupIds?: readonly pulumi.Input<string>[];
  /** Containers beside the model, by name; in both slots, from each one's next deploy of tasks. */
  readonly sidecars?: Readonly<Record<string, Sidecar>>;
  /** Volumes of the tasks, which containers mount. */
  readonly volumes?: readonly pulumi.Input<Volume>[];
  /** What no option names: the arguments of a child, as they are meant → as they shall be. */
  readonly transform?: ChildTransforms;
  /** Whom the composite alarm of each slot calls, such as the ARN of an SNS topic. */
  readonly alarmActions?: readonly pulumi.Input<string>[];
  /** Called last, with everything that was made: outputs of its own, and whom the alarms call. */
  readonly custom?: (parts: StackParts) => Custom | Promise<Custom>;
}
