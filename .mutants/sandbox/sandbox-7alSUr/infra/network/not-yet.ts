import type * as pulumi from "@pulumi/pulumi";

/** Of a preview: what the update itself will make, in the place of which stand texts that say nothing. */
export interface NotYet {
  readonly vpcId?: pulumi.Input<string>;
  readonly publicSubnetIds?: readonly pulumi.Input<string>[];
  readonly taskSubnetIds?: readonly pulumi.Input<string>[];
  readonly listenerArn?: pulumi.Input<string>;
}
