import { JUDGING_ALARM_KEYS, alarmSpec, asksService } from "../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../contract/config/sections.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import { fail, notApplicable, pass, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import type { SlotObservation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/**
 * The active slot's own alarms: while it is in trouble, nobody is moved forward. What others can bring about is not
 * among them: requests that clients give up on both slots would keep a release waiting for as long as they go on.
 */
export const baselineGate: Gate = ({ observation, thresholds }) => [
  { gate: "baseline", about: "baseline", answer: judge(observation.active, thresholds) },
];

function judge({ slot, share, requested, alarms }: SlotObservation, thresholds: Thresholds): Answer {
  if (requested === undefined) return notApplicable(`baseline: nothing runs on ${slot}`);
  if (!alarms.readable)
    return unreadable(`baseline: the alarms of ${slot} could not be read (${alarms.why})`);
  const expected = JUDGING_ALARM_KEYS.filter((key) => {
    const spec = alarmSpec(key);
    const isMeasured = isOnEcs(requested) || !asksService(spec, thresholds);
    return isMeasured && spec.proves && (share > 0 || !spec.appliesWhen.share);
  });
  const states = expected.map((key) => ({
    key,
    alarm: alarms.value.find(({ name }) => name === requested.alarms[key]),
  }));
  const evidence = Object.fromEntries(states.map(({ key, alarm }) => [key, alarm?.state ?? "missing"]));
  const inAlarm = states.filter(({ alarm }) => alarm?.state === "ALARM").map(({ key }) => key);
  if (inAlarm.length > 0)
    return fail(`baseline: ${slot} itself is in ALARM (${inAlarm.join(", ")})`, evidence);
  const unclear = states.filter(({ alarm }) => alarm?.state !== "OK" || alarm.evaluationState !== undefined);
  if (unclear.length > 0) {
    const names = unclear.map(
      ({ key, alarm }) => `${key} ${alarm?.evaluationState ?? alarm?.state ?? "missing"}`,
    );
    return unreadable(`baseline: no verdict on ${slot} from ${names.join(", ")}`, evidence);
  }
  return pass(`${slot}: ${expected.length} alarms OK`, evidence);
}

export const definition = defineGate({
  names: ["baseline"],
  asks: "Is the active slot itself well? If not, nobody gets more users, and what judges the candidate alone says nothing.",
  order: 100,
  sharing: baselineGate,
  cohort: baselineGate,
  starting: baselineGate,
});
