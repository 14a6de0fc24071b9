import { breaches, hitsBoth, type AlarmLimit } from "../../contract/alarms/hits-both.ts";
import {
  JUDGING_ALARM_KEYS,
  alarmRangeMs,
  alarmSpec,
  asksService,
  type AlarmKey,
  type AlarmSpec,
} from "../../contract/alarms/alarm-catalog.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import type { Thresholds } from "../../contract/config/sections.ts";
import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Assessment,
  type Evidence,
  type Gate,
  type GateInput,
} from "../core/assessment.ts";
import type { Excess } from "../core/comparison/excess.ts";
import type { AlarmReading, SlotObservation } from "../core/observation.ts";
import { eitherOr } from "./unanswered.ts";
import { defineGate } from "./define.ts";

/** Each alarm of the catalogue on the candidate. Fail-closed: whatever is not a fresh OK or ALARM is no answer. */
export const alarmsGate: Gate = (input) =>
  JUDGING_ALARM_KEYS.map((key) => ({
    gate: key,
    about: "candidate",
    absolute: true,
    ...actionOf(key, input),
    answer: judgeAlarm(key, input, input.observation.candidate),
  }));

function actionOf(key: AlarmKey, input: GateInput): Pick<Assessment, "onFail"> {
  // Without a control, or where clients choose the slot, nobody can say whether it is the model that does not answer.
  if (!alarmSpec(key).proves && !isFair(key, input)) return { onFail: "hold" };
  return excessOf(key, input.observation) === "doubtful" ? { onFail: "retreat" } : {};
}

/** Whether the counts of both slots say what clients did to each: nobody could choose one, and both had some. */
const isFair = (key: AlarmKey, { observation, sticky }: GateInput) =>
  !sticky &&
  hasControl(observation) &&
  observation.comparison?.readable === true &&
  observation.comparison.value.excess[key] !== undefined;

const hasControl = ({ comparison, candidate, active }: GateInput["observation"]) =>
  comparison?.readable === true && candidate.share < 100 && active.share > 0;

function judgeAlarm(key: AlarmKey, input: GateInput, seen: SlotObservation): Answer {
  const spec = alarmSpec(key);
  if (spec.appliesWhen.share && seen.share === 0) return notApplicable(`${key}: no users on ${seen.slot}`);
  if (seen.requested === undefined) return unreadable(`${key}: nothing runs on ${seen.slot}`);
  if (!seen.alarms.readable) return unreadable(`${key}: the alarms could not be read (${seen.alarms.why})`);
  const name = seen.requested.alarms[key];
  if (name === undefined && !isOnEcs(seen.requested) && asksService(spec, input.thresholds)) {
    return notApplicable(`${key}: something else fills ${seen.slot}, and ECS measures nothing of it`);
  }
  if (name === undefined) {
    return unreadable(
      `${key}: the stack has no such alarm yet, its next update adds it: npx bluegreen pulumi up`,
    );
  }
  const alarm = seen.alarms.value.find((reading) => reading.name === name);
  // CloudWatch leaves out names that it does not know, without an error.
  if (alarm === undefined) return unreadable(`${key}: alarm ${name} does not exist`);
  return judgeState(key, spec, alarm, input);
}

/** Why the state of this alarm is no verdict; undefined: it is ALARM or OK. */
export function noVerdict(name: string, { state, evaluationState }: AlarmReading): string | undefined {
  if (evaluationState !== undefined) {
    return `${name}: CloudWatch calls its own state no verdict (${evaluationState})`;
  }
  return state === "ALARM" || state === "OK" ? undefined : `${name}: the alarm is in ${state}`;
}

function judgeState(key: AlarmKey, spec: AlarmSpec, alarm: AlarmReading, input: GateInput): Answer {
  const evidence = numbersOf(key, spec, alarm, input);
  const none = noVerdict(key, alarm);
  if (none !== undefined) return unreadable(none, evidence);
  return alarm.state === "ALARM"
    ? judgeBreach(key, spec, alarm, input, evidence)
    : judgeOk(key, spec, alarm, input, evidence);
}

/**
 * An alarm may linger in ALARM from a former model of the slot, or go there only now about minutes of before: CloudWatch
 * goes on evaluating the last points after a metric stopped, and may have them late. So a breach of which the minutes
 * since this release's first users do not tell is no answer, but only until the alarm's whole range lies after them;
 * then it is about this model. In a later step there is no such doubt, because the release could not have advanced
 * with it.
 */
function judgeBreach(
  key: AlarmKey,
  spec: AlarmSpec,
  alarm: AlarmReading,
  input: GateInput,
  evidence: Evidence,
): Answer {
  const { observation } = input;
  const { nowMs, liveSinceMs, firstShare } = observation;
  // What hits both slots is no fault of the candidate; the comparison goes on judging it.
  if (spec.proves && isAlsoActive(key, spec, input)) {
    return unreadable(`${key}: the active slot is in ALARM for the same reason, or as bad`, evidence);
  }
  const isDoubtful = firstShare && nowMs < liveSinceMs + alarmRangeMs(spec);
  if (isDoubtful && !isAboutUsers(key, spec, alarm, input)) {
    return unreadable(`${key}: in ALARM since before this release had users`, evidence);
  }
  const breach = breachSentence(key, spec, alarm, evidence);
  if (!spec.proves) return judgeUnproven(key, breach, input, evidence);
  if (excessOf(key, observation) === "none") {
    return unreadable(`${breach}; a candidate as good as the active slot would show that, too`, evidence);
  }
  return fail(breach, evidence);
}

/** By the same minutes of both slots where they are known, otherwise by the state of the active slot's alarm. */
function isAlsoActive(key: AlarmKey, spec: AlarmSpec, { observation, thresholds }: GateInput): boolean {
  const { candidate, active } = observation;
  const [ofCandidate, ofActive] = [candidate.recent?.[key], active.recent?.[key]];
  if (ofCandidate !== undefined && ofActive !== undefined) {
    return hitsBoth(limitOf(spec, thresholds), ofCandidate, ofActive);
  }
  const name = active.requested?.alarms[key];
  return (
    active.alarms.readable &&
    active.alarms.value.some((alarm) => alarm.name === name && alarm.state === "ALARM")
  );
}

/** By the minutes since the share; the minute of the share itself belongs to both splits, so one fewer is enough. */
function isAboutUsers(
  key: AlarmKey,
  spec: AlarmSpec,
  alarm: AlarmReading,
  { observation, thresholds }: GateInput,
): boolean {
  const values = observation.candidate.values[key];
  if (values === undefined) {
    return alarm.transitionedMs === undefined || alarm.transitionedMs >= observation.liveSinceMs;
  }
  return (
    values.filter((value) => breaches(limitOf(spec, thresholds), value)).length >= spec.datapointsToAlarm - 1
  );
}

/** Requests without an answer on both slots alike are nobody's fault, and keep nobody waiting either. */
function judgeUnproven(key: AlarmKey, breach: string, input: GateInput, evidence: Evidence): Answer {
  if (!isFair(key, input)) {
    // Beside a control another gate says the same with both slots' numbers.
    const isSaid = input.sticky && hasControl(input.observation);
    const what = isSaid ? "clients that give up show that, too" : eitherOr(input.observation.candidate.slot);
    return fail(`${breach}; ${what}`, evidence);
  }
  return excessOf(key, input.observation) !== "none"
    ? fail(breach, evidence)
    : notApplicable(`${breach}; the active slot has them, too, and the comparison judges`, evidence);
}

/**
 * A fixed limit near the active slot's own rate is broken by chance every day. While there is a control, an alarm on a
 * rate rolls back only what chance and clusters do not explain, and gives the users back where only an incident of the
 * past makes clusters of it. Without one it is always heard, and gives the users back instead of ending the release
 * where the active slot had such moments, too, as far as is known; when nothing can be read, it decides alone.
 */
function excessOf(key: AlarmKey, observation: GateInput["observation"]): Excess {
  const { comparison, candidate } = observation;
  if (comparison?.readable !== true) return "proven";
  // Alarms that are not on a rate have no counts to compare with.
  const found = comparison.value.excess[key] ?? "proven";
  if (hasControl(observation) || found === "proven") return found;
  return candidate.share >= 100 ? "doubtful" : "proven";
}

/**
 * CloudWatch has no "last evaluated" time and keeps the state through edits, so an OK may be older than the
 * share, and one on a rate says nothing about minutes with too few requests. It counts once the alarm has had
 * the M periods it would have needed to fire, and none of the points that it may be about to fire on breaches.
 */
function judgeOk(
  key: AlarmKey,
  spec: AlarmSpec,
  alarm: AlarmReading,
  input: GateInput,
  evidence: Evidence,
): Answer {
  const { observation, thresholds } = input;
  const { nowMs, liveSinceMs, candidate } = observation;
  const sinceMs = Math.max(liveSinceMs, alarm.configuredMs ?? 0);
  const neededSeconds = (spec.datapointsToAlarm + 1) * spec.periodSeconds;
  const watchedSeconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (watchedSeconds < neededSeconds) {
    return tooEarly(`${watchedSeconds} of the ${neededSeconds} s that the alarms need`, evidence);
  }
  const seen = candidate.values[key]?.length ?? spec.datapointsToAlarm;
  if (seen < spec.datapointsToAlarm) {
    const published = `${seen} of ${spec.datapointsToAlarm} minutes of this share`;
    return tooEarly(`${key}: CloudWatch has published ${published}`, evidence);
  }
  const limits = limitOf(spec, thresholds);
  const breaching = recent(spec, candidate.values[key]).filter((value) => breaches(limits, value));
  const isJudgedElsewhere = !spec.proves && isFair(key, input);
  if (breaching.length > 0 && !isJudgedElsewhere) {
    const worst =
      spec.comparison === "GreaterThanThreshold" ? Math.max(...breaching) : Math.min(...breaching);
    const limit = `allowed is ${limitWord(spec)} ${evidence["allowed"]}`;
    const count = `${breaching.length} of the ${spec.datapointsToAlarm} minutes for an alarm`;
    return tooEarly(`${key} was ${round(worst)}, ${limit} (${count})`, { ...evidence, value: worst });
  }
  if (spec.appliesWhen.share) {
    const unheard = tooFewMinutes(spec, candidate, thresholds);
    if (unheard !== undefined) return unheardAnswer(unheard, observation, evidence);
  }
  return pass(okSentence(key, spec, evidence), evidence);
}

/**
 * Minutes with too few requests say nothing about a rate, so the alarm never can at such traffic. With a control the
 * comparison answers instead, at any traffic; without one there is nobody else to ask.
 */
function unheardAnswer(
  unheard: string,
  { comparison, active }: GateInput["observation"],
  evidence: Evidence,
): Answer {
  const hasControl = comparison?.readable === true && active.share > 0;
  return hasControl
    ? notApplicable(`${unheard}; the comparison judges`, evidence)
    : tooEarly(unheard, evidence);
}

/** The points that the alarm looks at now. */
const recent = (spec: AlarmSpec, values: readonly number[] = []) => values.slice(-spec.evaluationPeriods);

const limitOf = (spec: AlarmSpec, thresholds: Thresholds): AlarmLimit => ({
  ...spec,
  threshold: spec.threshold(thresholds),
});

/** Why the alarm on a rate has judged too few minutes to be believed; undefined: it has judged enough. */
function tooFewMinutes(spec: AlarmSpec, seen: SlotObservation, thresholds: Thresholds): string | undefined {
  const { minRequestsPerMinute } = thresholds;
  if (!seen.requests.readable) return `requests of ${seen.slot} could not be counted (${seen.requests.why})`;
  const judged = seen.requests.value.filter((count) => count >= minRequestsPerMinute).length;
  if (judged >= spec.datapointsToAlarm) return undefined;
  return `${judged} of ${spec.datapointsToAlarm} minutes with the ${minRequestsPerMinute} requests that a rate needs`;
}

function numbersOf(key: AlarmKey, spec: AlarmSpec, alarm: AlarmReading, input: GateInput): Evidence {
  const value = input.observation.candidate.values[key]?.at(-1);
  return {
    alarm: alarm.name,
    state: alarm.state,
    allowed: allowed(spec, input.thresholds),
    ...(value === undefined ? {} : { value }),
    ...(alarm.transitionedMs === undefined ? {} : { since: new Date(alarm.transitionedMs).toISOString() }),
  };
}

const allowed = (spec: AlarmSpec, thresholds: Thresholds) => spec.threshold(thresholds);
const limitWord = (spec: AlarmSpec) => (spec.comparison === "GreaterThanThreshold" ? "at most" : "at least");

function breachSentence(key: AlarmKey, spec: AlarmSpec, alarm: AlarmReading, evidence: Evidence): string {
  const value = evidence["value"];
  const limit = `allowed is ${limitWord(spec)} ${evidence["allowed"]}`;
  return value === undefined
    ? `${key}: alarm (${alarm.reason || "no reason given"}), ${limit}`
    : `${key} is ${round(value)}, ${limit}`;
}

function okSentence(key: AlarmKey, spec: AlarmSpec, evidence: Evidence): string {
  const value = evidence["value"];
  const limit = `${limitWord(spec)} ${evidence["allowed"]} allowed`;
  return value === undefined ? `${key}: OK, ${limit}` : `${key} is ${round(value)}, ${limit}`;
}

const round = (value: number | string) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);

export const definition = defineGate({
  names: JUDGING_ALARM_KEYS,
  asks: "Is the alarm of the candidate OK, beyond what chance, clusters and the active slot explain?",
  order: 50,
  sharing: alarmsGate,
  cohort: alarmsGate,
});
