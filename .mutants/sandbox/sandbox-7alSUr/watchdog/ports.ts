import type { LiveRoute } from "../contract/route/live-route.ts";
import type { Notification } from "../contract/release/notification.ts";
import type { Forward } from "../contract/route/route.ts";
import type { AlarmComparison } from "./alarm-explained.ts";
import type { Decision, Failing } from "./watched.ts";

/** What the watchdog needs from outside; each may throw. */
export interface Ports {
  /** Of this call, and of no other one; no blank in it. */
  readonly id: string;
  /** Epoch milliseconds. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** The forward action of the route. */
  read(): Promise<LiveRoute>;
  /** Tags of the route and of target groups, by ARN. */
  tags(arns: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** Targets of a group that are registered and not on their way out. */
  registered(targetGroupArn: string): Promise<number>;
  write(forward: Forward): Promise<void>;
  tag(key: string, value: string): Promise<void>;
  /** The alarms under a slot's composite that are in ALARM. */
  failing(slotAlarm: string): Promise<readonly Failing[]>;
  /** What an alarm of the candidate is compared with: the same one of the active slot. */
  compared(
    key: string,
    slotAlarms: { readonly candidate: string; readonly active: string },
  ): Promise<AlarmComparison>;
  /** How many minutes since a moment breach an alarm of the slot, as far as CloudWatch has them. */
  breachingSince(slotAlarm: string, key: string, sinceMs: number): Promise<number>;
  /** One more time that the watchdog moved users back. */
  count(stack: string): Promise<void>;
  notify(notification: Notification): Promise<void>;
  log(line: string): void;
}

export interface Guarded {
  readonly decision: Decision;
  /** Whether users were moved. */
  readonly written: boolean;
}
