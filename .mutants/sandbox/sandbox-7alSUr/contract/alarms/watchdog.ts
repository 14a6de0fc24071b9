import type { PerSlot } from "../slot.ts";

/** Environment of the function: where the watchdog stands. What it decides by is in the route's tags alone. */
export const WATCHDOG_ENVIRONMENT = {
  routeArn: "ROUTE_ARN",
  blueAlarm: "BLUE_ALARM",
  greenAlarm: "GREEN_ALARM",
  topicArn: "NOTIFY_TOPIC_ARN",
  notifyUrl: "NOTIFY_URL",
} as const;

/** After this Lambda ends a call of the function. */
export const WATCHDOG_TIMEOUT_SECONDS = 30;
/** A call that began longer ago is dead, however its clock and another's may differ, in milliseconds. */
export const DEAD_CALL_MS = 2 * WATCHDOG_TIMEOUT_SECONDS * 1000;

export interface WatchdogSettings {
  readonly routeArn: string;
  /** Names of the slots' composite alarms. */
  readonly alarmNames: PerSlot<string>;
  readonly topicArn: string | undefined;
  readonly url: string | undefined;
}

/** @throws when the program that made the function left out what it cannot do without. */
export function readWatchdogSettings(
  environment: Readonly<Record<string, string | undefined>>,
): WatchdogSettings {
  const required = (name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`the watchdog has no ${name} in its environment`);
    return value;
  };
  const { routeArn, blueAlarm, greenAlarm, topicArn, notifyUrl } = WATCHDOG_ENVIRONMENT;
  return {
    routeArn: required(routeArn),
    alarmNames: { blue: required(blueAlarm), green: required(greenAlarm) },
    topicArn: environment[topicArn],
    url: environment[notifyUrl],
  };
}
