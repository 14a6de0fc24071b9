import { type PerSlot, SLOTS } from "../contract/slot.ts";
import type { Trigger } from "./watched.ts";

type EventFields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): EventFields =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

/**
 * Reads what Lambda was called with: CloudWatch's alarm action (`alarmData`, CloudWatch User Guide, "Invoke a Lambda
 * function from an alarm") or EventBridge's schedule. undefined: an event that asks for nothing, such as an alarm
 * that went back to OK. Throws for what it does not know.
 */
export function wokenBy(event: unknown, slotAlarms: PerSlot<string>): Trigger | undefined {
  const { source, alarmData, "detail-type": detailType } = fields(event);
  if (source === "aws.events" && detailType === "Scheduled Event") return { kind: "schedule" };
  const { alarmName, state } = fields(alarmData);
  const { value, reason, timestamp } = fields(state);
  const slot = SLOTS.find((one) => slotAlarms[one] === alarmName);
  if (source !== "aws.cloudwatch" || typeof alarmName !== "string" || slot === undefined) {
    throw new Error(`the watchdog was called with an event that it does not know: ${JSON.stringify(event)}`);
  }
  if (value !== "ALARM") return undefined;
  const why = typeof reason === "string" && reason !== "" ? `: ${reason}` : "";
  // CloudWatch writes the zone as +0000, which ISO 8601 in JavaScript wants with a colon.
  const atMs = Date.parse(String(timestamp).replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (!Number.isFinite(atMs)) throw new Error(`an alarm without a time: ${JSON.stringify(event)}`);
  return { kind: "alarm", slot, atMs, reason: `${alarmName} went into ALARM${why}` };
}
