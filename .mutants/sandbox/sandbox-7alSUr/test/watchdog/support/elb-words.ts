import type { Forward } from "../../../contract/route/route.ts";

/** What a load balancer answers and is asked, in the words of its API. */

export const describeTags = (ResourceArn: string, tags: Readonly<Record<string, string>>) => ({
  ResourceArn,
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

export function actionOf(forward: Forward | undefined) {
  const TargetGroups = (forward?.groups ?? []).map(({ arn, weight }) => ({
    TargetGroupArn: arn,
    Weight: weight,
  }));
  return { Type: "forward", ForwardConfig: { TargetGroups } };
}

export function forwardOf(actions: unknown): Forward {
  // The shape of the SDK's own ModifyRuleInput, which `forwardAction` of the contract made.
  const [{ ForwardConfig }] = actions as [
    {
      ForwardConfig: {
        TargetGroups: readonly { TargetGroupArn: string; Weight: number }[];
        TargetGroupStickinessConfig: { Enabled: boolean; DurationSeconds: number };
      };
    },
  ];
  const { Enabled, DurationSeconds } = ForwardConfig.TargetGroupStickinessConfig;
  return {
    groups: ForwardConfig.TargetGroups.map(({ TargetGroupArn, Weight }) => ({
      arn: TargetGroupArn,
      weight: Weight,
    })),
    stickiness: { enabled: Enabled, durationSeconds: DurationSeconds },
  };
}
