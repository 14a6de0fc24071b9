import { ALARM_CATALOG, alarmRangeMs, type AlarmSpec } from "../contract/alarms/alarm-catalog.ts";
import type { RememberedRelease } from "../contract/route/route-tags.ts";
import type { AlarmsReading, Decision, Failing, Trigger, Watched } from "./watched.ts";

/**
 * How long after a deadline the watchdog waits for whoever runs the release: a decision at the deadline takes an
 * update of the stack, and two writers at once would undo each other.
 */
export const GRACE_MS = 120_000;
/** For how long after the grace a person is told of a deadline, once, by whichever call can first. */
export const TELLS_LATE_MS = 300_000;

/** What follows. It takes users off a candidate and never puts anybody on one. */
export function decide(trigger: Trigger, watched: Watched, alarms: AlarmsReading, nowMs: number): Decision {
  const { shifted, release, mark } = watched;
  // An update that was under way gave the candidate its share again after the watchdog had taken it.
  if (mark !== undefined && mark.releaseId === release?.id) return { kind: "rollBack", reason: mark.reason };
  if (trigger.kind === "alarm" && trigger.slot !== shifted) {
    return { kind: "leave", why: `${trigger.slot} is the active slot` };
  }
  const reasons = failingReasons(trigger, alarms, release?.firstShareMs, nowMs);
  if (reasons.length > 0) return { kind: "rollBack", reason: reasons.join("; ") };
  if (release !== undefined) return atDeadline(release, nowMs);
  return { kind: "leave", why: "no alarm is about its users" };
}

function failingReasons(
  trigger: Trigger,
  alarms: AlarmsReading,
  firstShareMs: number | undefined,
  nowMs: number,
): readonly string[] {
  const called = trigger.kind === "alarm" ? [{ key: "", sinceMs: trigger.atMs, reason: trigger.reason }] : [];
  const failing = alarms.readable ? alarms.failing : called;
  return failing.filter((one) => isAboutUsers(one, firstShareMs, nowMs)).map(({ reason }) => reason);
}

const specs: Readonly<Record<string, AlarmSpec>> = ALARM_CATALOG;
const periodMs = ({ periodSeconds }: AlarmSpec) => periodSeconds * 1000;
const STRICTEST = ALARM_CATALOG["healthy-hosts"];
const specOf = (key: string): AlarmSpec => (Object.hasOwn(specs, key) ? specs[key] : undefined) ?? STRICTEST;

/** For how long after its first share there is doubt whether an alarm is about a release's users, in milliseconds. */
export const doubtMs = (key: string): number => alarmRangeMs(specOf(key));

/**
 * Whether an alarm is about the users of this release. At its first share there is doubt: an alarm on tasks may be
 * about their start, and any may linger from a former model of the slot, because CloudWatch goes on evaluating the
 * last points of a metric that stopped, and may have these only now. So the minutes since the share tell: as many as
 * it needs but one, for the minute of the share belongs to both. Where they could not be read, one that is older than
 * the share, or for an alarm on tasks than the M periods that it would have needed since, counts only when its whole
 * range lies behind the share. Gates judge a breach by the same rule.
 */
function isAboutUsers(
  { key, sinceMs, breachingSince }: Failing,
  firstShareMs: number | undefined,
  nowMs: number,
): boolean {
  if (firstShareMs === undefined) return true;
  if (nowMs >= firstShareMs + doubtMs(key)) return true;
  const spec = specOf(key);
  if (breachingSince !== undefined) return breachingSince >= spec.datapointsToAlarm - 1;
  const neededMs = spec.appliesWhen.share ? 0 : spec.datapointsToAlarm * periodMs(spec);
  return sinceMs !== undefined && sinceMs >= firstShareMs + neededMs;
}

function atDeadline({ id, deadlineMs, atDeadline }: RememberedRelease, nowMs: number): Decision {
  if (deadlineMs === undefined || nowMs < deadlineMs + GRACE_MS) {
    return { kind: "leave", why: "no alarm is about its users, and its step has time" };
  }
  const minutes = Math.floor((nowMs - deadlineMs) / 60_000);
  const late = `the step of ${id} is ${minutes} minutes past its deadline of ${new Date(deadlineMs).toISOString()}`;
  if (atDeadline === "revert") return { kind: "rollBack", reason: late };
  const isNew = nowMs < deadlineMs + GRACE_MS + TELLS_LATE_MS;
  return isNew
    ? { kind: "tell", reason: `${late}; rollout.atDeadline is hold, so nobody was moved` }
    : { kind: "leave", why: `${late}, which was told` };
}
