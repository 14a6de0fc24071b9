import { ALARM_CATALOG, type AlarmSpec } from "../contract/alarms/alarm-catalog.ts";
import type { Slot } from "../contract/slot.ts";
import { attempt } from "./attempt.ts";
import { doubtMs } from "./decide.ts";
import type { AlarmsReading, Failing, Watched } from "./watched.ts";
import { explanation, explanationOfUnproven } from "./alarm-explained.ts";
import type { Ports } from "./ports.ts";

const specs: Readonly<Record<string, AlarmSpec>> = ALARM_CATALOG;

/**
 * The candidate's alarms, without those that say nothing against it. What cannot be weighed is believed, unless others
 * can bring it about.
 */
export async function readAlarms(
  ports: Ports,
  slotAlarms: { readonly candidate: string; readonly active: string },
  { stickinessSeconds, release }: Watched,
): Promise<AlarmsReading> {
  const found = await attempt(ports, "the alarms", () => ports.failing(slotAlarms.candidate));
  if (found === undefined) return { readable: false, why: "CloudWatch did not answer" };
  const failing: Failing[] = [];
  for (const one of found) {
    const compared = await attempt(ports, "the active slot's side", () =>
      ports.compared(one.key, slotAlarms),
    );
    const isProof = !Object.hasOwn(specs, one.key) || specs[one.key]?.proves === true;
    const explained = isProof
      ? compared && explanation(compared)
      : explanationOfUnproven(compared, stickinessSeconds > 0);
    if (explained !== undefined) {
      ports.log(`${one.reason}; ${explained}`);
      continue;
    }
    const sinceMs = release?.firstShareMs;
    // Later its whole range lies behind the first share, whatever it is about.
    const isDoubtful = sinceMs !== undefined && ports.now() < sinceMs + doubtMs(one.key);
    const since = isDoubtful
      ? await attempt(ports, "its minutes", () =>
          ports.breachingSince(slotAlarms.candidate, one.key, sinceMs),
        )
      : undefined;
    failing.push({ ...one, breachingSince: since });
  }
  return { readable: true, failing };
}

/** Whether no task of a group is registered, as ELB has it now; what cannot be read says nothing. */
export async function isEmpty(ports: Ports, targetGroupArn: string): Promise<boolean> {
  return (await attempt(ports, "the targets", () => ports.registered(targetGroupArn))) === 0;
}

/** ELB reports no hosts of a group without registered targets, so no alarm knows soon that its users get 503. */
export function withTargets(alarms: AlarmsReading, isEmpty: boolean, slot: Slot): AlarmsReading {
  if (!isEmpty) return alarms;
  const reason = `${slot} has no registered task, and the load balancer answers its users 503`;
  const empty: Failing = { key: "healthy-hosts", sinceMs: undefined, breachingSince: Infinity, reason };
  return { readable: true, failing: [...(alarms.readable ? alarms.failing : []), empty] };
}
