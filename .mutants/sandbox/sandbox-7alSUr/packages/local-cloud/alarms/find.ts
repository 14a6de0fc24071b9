import { AwsError, notSimulated } from "../aws-api/errors.ts";
import { list, text } from "../metrics/input.ts";
import type { Alarm, AlarmBook } from "./book.ts";

export const ALARM_STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export const ALARM_TYPES = ["MetricAlarm", "CompositeAlarm", "LogAlarm"] as const;
/** The types of alarms as the API writes them, by their kind in the book. */
export const TYPE_OF_KIND = { metric: "MetricAlarm", composite: "CompositeAlarm" } as const;

/** CloudWatch API: at most 100 alarms in one call. */
export const alarmNames = list(text(1, 255), 100);
/** As the operations on tags take it. */
export const resourceArn = text(1, 1024);

/** SDK documentation of AlarmTypes: without it, only metric alarms are returned. */
export function readTypes(asked: readonly (typeof ALARM_TYPES)[number][] | undefined): readonly string[] {
  if (asked?.includes("LogAlarm") === true) throw notSimulated("CloudWatch", "log alarms");
  return asked ?? ["MetricAlarm"];
}

/** @throws AwsError ResourceNotFound */
export function byName(book: AlarmBook, name: string): Alarm {
  const alarm = book.find(name);
  if (alarm?.input.AlarmName !== name) throw new AwsError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
  return alarm;
}

/** @throws AwsError ResourceNotFoundException */
export function byArn(book: AlarmBook, arn: string): Alarm {
  const alarm = book.find(arn);
  if (alarm?.arn !== arn) throw new AwsError("ResourceNotFoundException", `Unknown resource: ${arn}`, 404);
  return alarm;
}
