import type { Alarm } from "./book.ts";

/** An alarm in the shape of the SDK's MetricAlarm or CompositeAlarm. */
export function writeAlarm(alarm: Alarm): Record<string, unknown> {
  const { arn, state, configuredMs } = alarm;
  return {
    ...(alarm.kind === "metric" ? { Dimensions: [] } : {}),
    ...alarm.input,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredMs),
    ...(alarm.kind === "metric" && alarm.warmUntilMs !== undefined ? { EvaluationState: "IN_WARM_UP" } : {}),
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.updatedMs),
    StateTransitionedTimestamp: new Date(state.transitionedMs),
  };
}
