import { ModifyRuleCommand, type Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Base, SlotName } from "./base-types.ts";
import type { Context } from "./context.ts";

/** How long a cookie lasts, in seconds. */
const STICKY_SECONDS = 3600;

/** Not the product's own rendering: what is asked here is what AWS makes of forms that the product does not write. */
export const forwardTo = (
  groups: Base["groups"],
  weights: Readonly<Record<SlotName, number>>,
  sticky: boolean,
): Action => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: groups.blue.arn, Weight: weights.blue },
      { TargetGroupArn: groups.green.arn, Weight: weights.green },
    ],
    TargetGroupStickinessConfig: { Enabled: sticky, DurationSeconds: STICKY_SECONDS },
  },
});

export const writeRule = ({ clients: { elb } }: Context, RuleArn: string, action: Action) =>
  elb.send(new ModifyRuleCommand({ RuleArn, Actions: [action] }));
