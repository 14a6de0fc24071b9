import { isPerSlot, ownAlarmOf } from "../../contract/config/own-alarm.ts";
import { otherSlot } from "../../contract/slot.ts";
import {
  fail,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Assessment,
  type Evidence,
  type Gate,
  type GateInput,
} from "../core/assessment.ts";
import type { AlarmReading } from "../core/observation.ts";
import { noVerdict } from "./alarms.ts";
import { defineGate } from "./define.ts";

/**
 * Each of `rollout.alarms`, fail-closed: whatever is not a fresh OK or ALARM is no answer, and holds. In ALARM since the
 * candidate has users moves them back, as CodeDeploy, ECS and Argo Rollouts do with alarms that they are given.
 */
export const ownAlarmsGate: Gate = (input) => eachOf(input, judgeSharing);

/** Before the first user an alarm that is in ALARM keeps the release from starting: ECS would stop looking at it. */
export const ownAlarmsStartingGate: Gate = (input) => eachOf(input, judgeStarting);

type Judge = (name: string, alarm: AlarmReading, input: GateInput, evidence: Evidence) => Answer;

const eachOf = (input: GateInput, judge: Judge): readonly Assessment[] =>
  input.policy.alarms.map((name) => ({
    gate: name,
    about: "candidate",
    absolute: true,
    answer: judgeAlarm(name, input, judge),
  }));

function judgeAlarm(configured: string, input: GateInput, judge: Judge): Answer {
  const { alarms, slot } = input.observation.candidate;
  const name = ownAlarmOf(configured, slot);
  if (!alarms.readable) return unreadable(`${name}: the alarms could not be read (${alarms.why})`);
  const alarm = alarms.value.find((reading) => reading.name === name);
  // CloudWatch leaves out names that it does not know, without an error.
  if (alarm === undefined) {
    return unreadable(
      `${name}: rollout.alarms names it, and CloudWatch has no such alarm in this account and region; make it, or take it out of rollout.alarms`,
    );
  }
  const { state, transitionedMs } = alarm;
  const evidence = {
    alarm: name,
    state,
    ...(transitionedMs === undefined ? {} : { since: new Date(transitionedMs).toISOString() }),
  };
  const none = noVerdict(name, alarm);
  if (none !== undefined) return unreadable(none, evidence);
  if (alarm.doubt !== undefined) return unreadable(`${name}: it is OK, and ${alarm.doubt}`, evidence);
  return judge(configured, alarm, input, evidence);
}

function judgeStarting(_name: string, { name, state }: AlarmReading, _input: GateInput, evidence: Evidence) {
  return state === "OK"
    ? pass(`${name} is OK`, evidence)
    : unreadable(`${name}: in ALARM before this release has users`, evidence);
}

/** CloudWatch has no "last evaluated" time, so an OK counts once the alarm has had the time that it needs to fire. */
function judgeSharing(configured: string, alarm: AlarmReading, input: GateInput, evidence: Evidence): Answer {
  const { nowMs, liveSinceMs } = input.observation;
  const { name, state, configuredMs = 0, firesAfterMs = 0 } = alarm;
  if (state === "ALARM") return judgeBreach(configured, alarm, input, evidence);
  const watchedMs = Math.max(0, nowMs - Math.max(liveSinceMs, configuredMs));
  if (watchedMs >= firesAfterMs) return pass(`${name} is OK`, evidence);
  const [watched, needed] = [watchedMs, firesAfterMs].map((ms) => Math.floor(ms / 1000));
  return tooEarly(`${watched} of the ${needed} s that ${name} needs`, evidence);
}

function judgeBreach(configured: string, alarm: AlarmReading, input: GateInput, evidence: Evidence): Answer {
  const { candidate, askedMs, firstShare } = input.observation;
  const { name, transitionedMs, reason } = alarm;
  const other = ownAlarmOf(configured, otherSlot(candidate.slot));
  const isShared =
    isPerSlot(configured) &&
    candidate.alarms.readable &&
    candidate.alarms.value.some((one) => one.name === other && one.state === "ALARM");
  if (isShared) return unreadable(`${name}: ${other} of the active slot is in ALARM, too`, evidence);
  // In a later step there is no such doubt: the release could not have advanced with it.
  if (firstShare && (transitionedMs === undefined || transitionedMs < askedMs)) {
    return unreadable(`${name}: in ALARM since before this release had users`, evidence);
  }
  return fail(`${name} is in ALARM (${reason || "no reason given"})`, evidence);
}

export const definition = defineGate({
  names: [],
  asks: "Each of `rollout.alarms`: is it a fresh OK?",
  order: 60,
  sharing: ownAlarmsGate,
  cohort: ownAlarmsGate,
  starting: ownAlarmsStartingGate,
});
