import { ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import type { AlarmReading, ServiceReading, TargetCounts } from "../../../validation/core/observation.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";

/** What AWS has answered a process in its present look, of the candidate unless it is about both slots. */
export class Shown {
  alarms: readonly AlarmReading[] = [];
  targets: TargetCounts | undefined;
  service: ServiceReading | undefined;

  forget(): void {
    this.alarms = [];
    this.targets = undefined;
    this.service = undefined;
  }
}

/** What speaks against more users in what was shown, told without any gate; undefined: nothing. */
export function againstMore(
  shown: Shown,
  { bake, release, split }: CheckedEvent,
  tasks: number,
): string | undefined {
  const { slot } = release;
  // Before its first users an alarm of the candidate may be about a former model of its slot.
  const asked = bake === undefined ? [otherSlot(slot)] : [slot, otherSlot(slot)];
  const unclear = asked
    .flatMap((one) => judging(one, split[one] > 0))
    .find((name) => !isOk(shown.alarms, name));
  if (unclear !== undefined) return `alarm ${unclear} is not OK`;
  const { targets, service } = shown;
  if (targets !== undefined && (targets.healthy < tasks || targets.unhealthy > 0))
    return `${targets.healthy} of ${tasks} tasks are healthy, and ${targets.unhealthy} are not`;
  const primary = service?.primary;
  if (
    primary !== undefined &&
    !(primary.rolloutState === "COMPLETED" && primary.taskDefinitionArn === OF_RELEASE[slot])
  )
    return `its service runs ${primary.taskDefinitionArn} (${primary.rolloutState})`;
  return undefined;
}

/** Alarms whose state is about the model, of a slot with or without users. */
const judging = (slot: Slot, hasUsers: boolean) =>
  ALARM_KEYS.filter((key) => {
    const { judges, proves, appliesWhen } = alarmSpec(key);
    return judges && proves && (hasUsers || !appliesWhen.share);
  }).map((key) => `${slot}-${key}`);

/** CloudWatch API, MetricAlarm: with an EvaluationState the state is no verdict. */
const isOk = (alarms: readonly AlarmReading[], name: string) =>
  alarms.some((one) => one.name === name && one.state === "OK" && one.evaluationState === undefined);

/** The task definitions that the stack was deployed with (world/build.ts). */
const OF_RELEASE: Readonly<Record<Slot, string>> = { blue: "arn:task/blue:1", green: "arn:task/green:2" };
