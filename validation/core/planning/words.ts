import type { FaultOdds, Schedule } from "../../../contract/release/schedule.ts";
import type { RolloutPolicy } from "../../../contract/config/sections.ts";
import { cohortStepOf, percentOf, percents, shareSteps, stepAt } from "../../../contract/config/steps.ts";
import { LEAST_RATE, LEAST_RATIOS } from "../comparison/proof.ts";
import { chooseSchedule, LEAST_STRICT, totalOf, type Planned } from "./choice.ts";
import { planSteps } from "./steps.ts";
import type { Traffic } from "./traffic.ts";
import { percent } from "../percent.ts";

/** What was planned for a release, and how that is told. */
export interface PlannedRelease {
  readonly schedule: Schedule;
  readonly sentence: string;
  /** What would make it faster; empty: it is fast enough. */
  readonly advice: readonly string[];
}

/** Nobody came before, so nothing could be chosen: the least that is ever asked for. */
export const UNPLANNED: Schedule = {
  provenRatios: LEAST_RATIOS,
  provenRate: LEAST_RATE,
  minutes: [],
  odds: [],
};

/** What a good candidate meets, and how a bad one fares. */
export function scheduleSentence(traffic: Traffic, policy: RolloutPolicy, planned: Planned): string {
  const { steps, totalMinutes, schedule } = planned;
  const stuck = steps.find(({ advancesAfterMinutes }) => advancesAfterMinutes === undefined);
  const at = `at ${whole(traffic.requestsPerMinute)} requests a minute`;
  const time =
    totalMinutes === undefined
      ? `stops at ${stuck?.share ?? 0} % ${at}: until its deadline of ${whole(stuck?.deadlineMinutes ?? 0)} min it has not seen enough to go on`
      : `promotes a good model after about ${whole(totalMinutes)} minutes ${at}`;
  return `${arrows(policy)} ${time}.${cohortSentence(policy)} ${askedSentence(policy, schedule)}${clusterSentence(traffic)}`;
}

/** From this mean size of a cluster on, what it costs is said. */
const WIDE = 5;

function clusterSentence({ dispersion: { phi, bounded } }: Traffic): string {
  if (bounded < phi) {
    return ` In the last day failures of the active slot came in an incident (about ${short(phi)} at a time, ${short(bounded)} without it), so no odds are told, and to end a release takes about ${short(phi)} times as many failures.`;
  }
  if (phi < WIDE) return "";
  return ` Failures of the active slot come about ${short(phi)} at a time, so everything takes about ${short(phi)} times as long as if they came one by one.`;
}

/** The same of a schedule that was planned before. */
export const keptSentence = (policy: RolloutPolicy, schedule: Schedule): string =>
  `${arrows(policy)}, ${schedule === UNPLANNED ? "of which nothing was planned" : "as planned"} before this pair of models first shared users. ${askedSentence(policy, schedule)}`;

export const unplannedSentence = (policy: RolloutPolicy): string =>
  `${arrows(policy)}: in the last 24 hours nobody came, so nobody can say how long it takes. ${askedSentence(policy, UNPLANNED)}`;

const arrows = (policy: RolloutPolicy) => `${[...cohortOf(policy), ...percents(policy.steps)].join(" → ")} %`;
const cohortOf = (policy: RolloutPolicy) => {
  const step = cohortStepOf(policy);
  return step === undefined ? [] : [`cohort ${step.cohort}`];
};

/** What comes before the first share, and is in no other number; empty: nothing. */
function cohortSentence(policy: RolloutPolicy): string {
  const step = cohortStepOf(policy);
  return step === undefined
    ? ""
    : ` Before that cohort ${step.cohort} has it for ${step.bakeMinutes} minutes at least.`;
}

function askedSentence(policy: RolloutPolicy, schedule: Schedule): string {
  const odds = oddsSentence(schedule.odds);
  if (policy.advanceWhen !== "proven") {
    return `Steps prove nothing (rollout.advanceWhen is ${policy.advanceWhen})${odds === "" ? "" : `; ${odds}`}.`;
  }
  const { provenRatios, provenRate } =
    policy.provenRatios === "auto" ? schedule : { provenRatios: policy.provenRatios, provenRate: undefined };
  const last = provenRatios.at(-1) ?? 0;
  const ratios = shareSteps(policy.steps)
    .filter((step) => percentOf(step) < 100)
    .map((step, index) => stepAt(policy, percentOf(step)).provenRatio ?? provenRatios[index] ?? last);
  const rate = provenRate === undefined ? "" : `, or in less than ${percent(provenRate)} of its requests`;
  const proof = `A step goes on when the candidate is proven to fail less than ${ratios.join(", ")} times as often as the active slot${rate}`;
  return `${proof}${odds === "" ? "" : `; ${odds}`}.`;
}

/** "a model that fails twice as often would be promoted in 1 of 100 such releases, five times as often in 0". */
function oddsSentence(odds: readonly FaultOdds[]): string {
  const [first, ...others] = odds;
  if (first === undefined) return "";
  const hundred = ({ promoted }: FaultOdds) => Math.ceil(100 * promoted - 1e-9);
  const more = others.map((one) => `, ${one.fault} in ${hundred(one)}`).join("");
  return `a model that fails ${first.fault} would be promoted in ${hundred(first)} of 100 such releases${more}`;
}

const FIRST_SHARES = [20, 25, 30, 40, 50];
const MOST_SYNTHETIC = 60_000;

/** What would help where a good model takes longer than `rollout.targetMinutes`, each with its number; empty: no need. */
export function adviceOn(
  traffic: Traffic,
  policy: RolloutPolicy,
  { totalMinutes, steps }: Planned,
): readonly string[] {
  const { targetMinutes } = policy;
  const now = totalMinutes ?? Number.POSITIVE_INFINITY;
  if (now <= targetMinutes) return [];
  const larger = largerFirstStep(traffic, policy);
  const synthetic = leastSynthetic(traffic, policy);
  const stuck = steps.find(({ advancesAfterMinutes }) => advancesAfterMinutes === undefined);
  return [
    ...(larger !== undefined && larger.minutes < 0.9 * now
      ? [
          `a larger first step, about ${whole(larger.minutes)} min: rollout.steps: [${percents(larger.steps).join(", ")}] in the stack file`,
        ]
      : []),
    ...(synthetic === undefined
      ? []
      : [
          `synthetic load of ${synthetic} requests a minute, at most ${whole(targetMinutes)} min: pulumi config set --path rollout.syntheticLoad.requestsPerMinute ${synthetic}`,
        ]),
    ...(stuck === undefined ? [] : longerDeadlines(traffic, policy)),
    ...provableRatios(traffic, policy, now),
  ];
}

/** Only where they help: what no week proves, no deadline is long enough for. */
function longerDeadlines(traffic: Traffic, policy: RolloutPolicy): readonly string[] {
  if (policy.deadlineMinutes === "auto") return [];
  const minutes = leastMinutes(traffic, { ...policy, deadlineMinutes: "auto" });
  return Number.isFinite(minutes)
    ? [
        `deadlines from the plan, about ${whole(minutes)} min: pulumi config set --path rollout.deadlineMinutes auto`,
      ]
    : [];
}

/** In place of the policy's own, of which it is said how long they take. */
function provableRatios(traffic: Traffic, policy: RolloutPolicy, now: number): readonly string[] {
  if (policy.advanceWhen !== "proven" || policy.provenRatios === "auto") return [];
  const { totalMinutes } = chooseSchedule(traffic, { ...policy, provenRatios: "auto" });
  return totalMinutes !== undefined && totalMinutes < 0.9 * now
    ? [
        `a proof that this traffic can give, about ${whole(totalMinutes)} min: pulumi config set --path rollout.provenRatios auto`,
      ]
    : [];
}

/** The smallest first step that is fast enough, or the largest one that is tried. */
function largerFirstStep(traffic: Traffic, policy: RolloutPolicy) {
  const shares = percents(policy.steps);
  const [first = 0, last = 0] = [shares[0], shares.at(-1)];
  let found: { readonly steps: RolloutPolicy["steps"]; readonly minutes: number } | undefined;
  for (const share of FIRST_SHARES.filter((one) => one > first && one < last)) {
    const steps = [share, ...shareSteps(policy.steps).filter((step) => percentOf(step) > share)];
    const minutes = leastMinutes(traffic, { ...policy, steps });
    found = { steps, minutes };
    if (minutes <= policy.targetMinutes) return found;
  }
  return found;
}

/** How long a good candidate takes when as little as possible is asked for. */
function leastMinutes(traffic: Traffic, policy: RolloutPolicy): number {
  const asked = policy.provenRatios === "auto" ? LEAST_STRICT : { provenRatios: [] };
  return totalOf(planSteps(traffic, policy, asked).map(({ plan }) => plan)) ?? Number.POSITIVE_INFINITY;
}

/** A synthetic load, in tens, with which a release takes no longer than it should; undefined: none is enough. */
function leastSynthetic(traffic: Traffic, policy: RolloutPolicy): number | undefined {
  const more = (added: number) => ({ ...traffic, requestsPerMinute: traffic.requestsPerMinute + added });
  for (let added = 10; added <= MOST_SYNTHETIC; added = 10 * Math.ceil(added * 0.125)) {
    if (leastMinutes(more(added), policy) <= policy.targetMinutes) return added;
  }
  return undefined;
}

const short = (value: number) => Number(value.toPrecision(2));
const whole = (value: number) => String(Math.round(value));
