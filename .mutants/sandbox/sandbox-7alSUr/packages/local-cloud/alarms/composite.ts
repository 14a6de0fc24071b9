import type { AlarmBook, CompositeAlarm } from "./book.ts";
import { alarmsOf, ruleHolds } from "./rule.ts";

/**
 * Brings composite alarms in line with their children, children first. `changed` are the names of alarms whose state
 * just changed. Alarms in a cycle are never evaluated (CloudWatch API, PutCompositeAlarm).
 */
export function settleComposites(book: AlarmBook, changed: Set<string>): void {
  for (const name of inOrder(book)) {
    const alarm = book.find(name);
    if (alarm?.kind !== "composite") continue;
    const trigger = childrenOf(book, alarm).find((child) => changed.has(child));
    if (alarm.held && trigger === undefined) continue;
    const holds = ruleHolds(alarm.rule, (child) => book.find(child)?.state.value ?? "INSUFFICIENT_DATA");
    const value = holds ? "ALARM" : "OK";
    if (value === alarm.state.value) {
      if (alarm.held) book.replace({ ...alarm, held: false });
      continue;
    }
    book.setState(alarm, { value, ...reasonOf(book, alarm, value, trigger) });
    changed.add(name);
  }
}

/** The names of the alarms in a composite's rule that exist. */
export function childrenOf(book: AlarmBook, alarm: CompositeAlarm): string[] {
  return [...new Set(alarmsOf(alarm.rule).flatMap((child) => book.find(child)?.input.AlarmName ?? []))];
}

function inOrder(book: AlarmBook): string[] {
  const order = new Set<string>();
  const cyclic = new Set<string>();
  function visit(name: string, path: readonly string[]): void {
    const repeated = path.indexOf(name);
    if (repeated >= 0) for (const member of path.slice(repeated)) cyclic.add(member);
    const alarm = book.find(name);
    if (repeated >= 0 || order.has(name) || alarm?.kind !== "composite") return;
    for (const child of childrenOf(book, alarm)) visit(child, [...path, name]);
    order.add(name);
  }
  for (const alarm of book.all()) visit(alarm.input.AlarmName, []);
  return [...order].filter((name) => !cyclic.has(name));
}

function reasonOf(book: AlarmBook, alarm: CompositeAlarm, value: string, trigger: string | undefined) {
  const child = trigger === undefined ? undefined : book.find(trigger);
  if (child === undefined) {
    return {
      reason: `${alarm.arn} was created and its alarm rule evaluates to ${value}`,
      reasonData: undefined,
    };
  }
  const { value: childValue, transitionedMs } = child.state;
  const at = new Date(transitionedMs);
  const state = { value: childValue, timestamp: at.toISOString().replace("Z", "+0000") };
  return {
    reason: `${child.arn} transitioned to ${childValue} at ${longDate(at)}`,
    reasonData: JSON.stringify({ triggeringAlarms: [{ arn: child.arn, state }] }),
  };
}

const LONG_DATE = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "2-digit",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

/** `Friday 14 August 2026 23:12:16 UTC` */
function longDate(at: Date): string {
  const day = LONG_DATE.formatToParts(at).filter((part) => part.type !== "literal");
  return `${day.map((part) => part.value).join(" ")} ${at.toISOString().slice(11, 19)} UTC`;
}
