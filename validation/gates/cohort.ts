import { alarmSpec, type AlarmKey } from "../../contract/alarms/alarm-catalog.ts";
import { ALARM_EXCESS_LEVEL, hasExcess, type Count } from "../../contract/alarms/excess.ts";
import type { Thresholds } from "../../contract/config/sections.ts";
import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Assessment,
  type Gate,
} from "../core/assessment.ts";
import type { CohortSeen, RateCount } from "../core/cohort-seen.ts";
import type { Observation } from "../core/observation.ts";
import { percent } from "../core/percent.ts";
import { defineGate } from "./define.ts";

/**
 * What the cohort met on the candidate. No alarm is on its group, and with few requests a minute none could judge; so the
 * counts of the whole step are held against the alarms' own limits, as far as chance does not explain them.
 */
export const cohortGate: Gate = ({ observation, thresholds }) => [
  { gate: "cohort", about: "candidate", absolute: true, ...judge(observation, thresholds) },
];

type Judged = Pick<Assessment, "answer" | "onFail">;

function judge({ cohort, candidate }: Observation, thresholds: Thresholds): Judged {
  const { slot } = candidate;
  if (cohort === undefined) return { answer: notApplicable(`cohort: ${slot} has none of a release`) };
  if (!cohort.readable)
    return { answer: unreadable(`cohort: its requests could not be counted (${cohort.why})`) };
  const { name, isThere, requests } = cohort.value;
  const evidence = { requests };
  if (!isThere) {
    const fix = `npx bluegreen cohort add ${name} --header … --slot ${slot}`;
    return {
      answer: unreadable(`cohort ${name} does not go to ${slot} any more: ${fix}, or npx bluegreen revert`),
    };
  }
  if (requests === 0)
    return { answer: tooEarly(`no request of cohort ${name} on ${slot} since it goes there`, evidence) };
  return byLimits(cohort.value, slot, thresholds);
}

function byLimits({ name, requests, counts }: CohortSeen, slot: string, thresholds: Thresholds): Judged {
  const over = counts.filter(({ key, count }) => count.events > limitOf(key, thresholds) * count.exposure);
  const sure = over.filter((one) => isMore(one, thresholds));
  // Only the slot itself brings failures about; slow answers may be the cohort's own requests, which are no sample.
  const proof = sure.find(({ key }) => provesHarm(key));
  const worst = proof ?? sure[0] ?? over[0];
  const evidence = { requests, ...Object.fromEntries(counts.map(({ key, count }) => [key, count.events])) };
  if (worst === undefined) return { answer: pass(wellWords(name, requests, slot), evidence) };
  const words = breachWords(name, worst, thresholds);
  if (proof !== undefined) return { answer: fail(words, evidence) };
  const why = sure.length > 0 ? "which proves no fault of the model" : "which may be chance";
  return { onFail: "hold", answer: fail(`${words}, ${why}`, evidence) };
}

const limitOf = (key: AlarmKey, thresholds: Thresholds) => alarmSpec(key).threshold(thresholds);

function provesHarm(key: AlarmKey): boolean {
  const { proves, rate } = alarmSpec(key);
  return proves && rate?.kind === "failed";
}

/** A limit is no estimate: as well known as a rate of so many requests. */
const EXACTLY = 1e9;

/** More than a slot that is exactly at the limit would show by chance. */
function isMore({ key, count }: RateCount, thresholds: Thresholds): boolean {
  const limit = limitOf(key, thresholds);
  const usual: Count = { exposure: EXACTLY, events: limit * EXACTLY };
  const none: Count = { exposure: 0, events: 0 };
  return hasExcess({
    candidate: count,
    active: none,
    usual,
    tolerance: 1,
    dispersion: 1,
    level: ALARM_EXCESS_LEVEL,
  });
}

const wellWords = (name: string, requests: number, slot: string) =>
  `cohort ${name}: ${requests} ${requests === 1 ? "request" : "requests"} on ${slot}, within the limits of the alarms`;

function breachWords(name: string, { key, count }: RateCount, thresholds: Thresholds): string {
  const { events, exposure } = count;
  const limit = percent(limitOf(key, thresholds));
  return `${key} of cohort ${name} is ${percent(events / exposure)} (${events} of ${exposure}), allowed is at most ${limit}`;
}

export const definition = defineGate({
  names: ["cohort"],
  asks: "In the step of a cohort: has it sent a request, and does the candidate fail more of them than `thresholds.maxErrorRate` and chance allow? Slow and unanswered ones hold.",
  order: 5,
  cohort: cohortGate,
});
