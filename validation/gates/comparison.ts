import {
  fail,
  notApplicable,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Evidence,
  type Gate,
} from "../core/assessment.ts";
import type { Slot } from "../../contract/slot.ts";
import type { Crossing } from "../core/comparison/compare.ts";
import { totalOf, type Count } from "../core/comparison/counts.ts";
import type { Judgement } from "../core/comparison/judgement.ts";
import type { Proof } from "../core/comparison/proof.ts";
import { iso } from "../core/iso.ts";
import type { Observation } from "../core/observation.ts";
import { amount, countsSentence } from "./count-words.ts";
import { defineGate } from "./define.ts";
import { percent } from "../core/percent.ts";

/** The candidate compared with the active slot in the same minutes: whether it does more harm, and how blind the step is. */
export const comparisonGate: Gate = ({ observation, sticky }) => {
  const answer = answerOf(observation, sticky);
  return [
    {
      gate: "comparison",
      about: "candidate",
      ...(answer.kind === "fail" && !isProven(observation) ? { onFail: "retreat" as const } : {}),
      answer,
    },
  ];
};

const TRY_AGAIN = "to try it again: deploy --reset-analysis";

/** Whether what speaks against the candidate is enough to end its release. */
const isProven = ({ comparison, refused }: Observation) =>
  refused !== undefined || (comparison?.readable === true && comparison.value.crossing !== undefined);

function answerOf({ comparison, refused, candidate, active }: Observation, sticky: boolean): Answer {
  if (refused !== undefined) {
    return fail(`the gates rolled this digest back before (${refused}); ${TRY_AGAIN}`);
  }
  if (comparison === undefined) return notApplicable("comparison: the candidate had no users yet");
  if (!comparison.readable) return unreadable(`comparison: the counts could not be read (${comparison.why})`);
  const judged = comparison.value;
  const evidence = evidenceOf(judged);
  const said: Said = { judged, sticky, candidate: candidate.slot, active: active.slot };
  if (judged.crossing !== undefined) {
    const again = candidate.share === 0 ? `; ${TRY_AGAIN}` : "";
    return fail(`${harmSentence(said, judged.crossing)}${again}`, evidence);
  }
  if (candidate.share === 0)
    return notApplicable("comparison: nothing of before speaks against it", evidence);
  if (candidate.share >= 100 || active.share === 0) {
    return notApplicable(
      "comparison: nobody is on the other slot to compare with; the alarms alone decide",
      evidence,
    );
  }
  const contradicted = recentlyUnreadable(judged);
  if (contradicted !== undefined)
    return contradicted.isLasting ? fail(contradicted.why, evidence) : unreadable(contradicted.why, evidence);
  if (judged.doubt.crossing !== undefined) return fail(doubtSentence(said, judged.doubt.crossing), evidence);
  if (judged.missing !== undefined || judged.blindSpot > judged.maxBlindSpot) {
    return tooEarly(blindSentence(judged), evidence);
  }
  if (judged.proof !== undefined && judged.proof.evidence < judged.proof.needed) {
    return tooEarly(unprovenSentence(judged.proof, judged.stepMinutes), evidence);
  }
  return pass(seeingSentence(said), evidence);
}

const RECENT_MINUTES = 5;
/** Of the recent minutes, so many are no answer that was counted a minute after its request. */
const LASTING_MINUTES = 3;

/**
 * A count that contradicts itself is no count: the release holds, and users on a candidate that nobody can judge for
 * long go back. Once there have been good ones for a while, it is history.
 */
function recentlyUnreadable({
  unreadable: minutes,
  counts,
}: Judgement): { readonly why: string; readonly isLasting: boolean } | undefined {
  const last = counts[0]?.minutes.at(-1)?.atMs ?? 0;
  const recent = minutes.filter((atMs) => atMs > last - RECENT_MINUTES * 60_000);
  const at = recent.at(-1);
  if (at === undefined) return undefined;
  const why = `comparison: CloudWatch counts more events than requests in the minute of ${new Date(at).toISOString()}`;
  return { why, isLasting: recent.length >= LASTING_MINUTES };
}

/** What is said, and of whom. */
interface Said {
  readonly judged: Judgement;
  readonly sticky: boolean;
  readonly candidate: Slot;
  readonly active: Slot;
}

/** By the metric that says most against the candidate, or said it when the evidence was enough, if it is no more. */
function harmSentence({ judged, sticky, active }: Said, crossing: Crossing): string {
  const { metrics, evidence, needed } = judged;
  const isStill = evidence >= needed;
  const said = isStill ? undefined : metrics.find(({ name }) => name === crossing.name);
  const metric = said ?? metrics.reduce((a, b) => (b.contribution > a.contribution ? b : a));
  const { ratio } = metric;
  const kindOfSignal = metric.signal?.definition.kind;
  // The ratio is that of all its events, so it says nothing of a segment; of scores it is that of the tenth.
  const isOfAll = metric.signal?.part === undefined || kindOfSignal === "scores";
  const as = kindOfSignal === "losses" ? "as much" : "as many";
  const more = isOfAll && ratio.low > 1 ? `, at least ${ratio.low.toPrecision(2)} times ${as}` : "";
  const since = isStill ? "" : `, seen by the minute of ${iso(crossing.atMs)}; less speaks against it by now`;
  const worth = `e-value ${shown(isStill ? evidence : crossing.evidence)}, threshold ${shown(needed)}`;
  // Of one user who fails for ever no count tells that it is one: where users stay, chance is not all there is. Nor is
  // it where failures came in an incident, which is no cluster of the usual size.
  const { phi, bounded } = metric.dispersion;
  const odds =
    sticky || bounded < phi
      ? worth
      : `a model as good as ${active} shows this in fewer than 1 of ${shown(needed)} releases`;
  return `${countsSentence(metric, active, judged.slowThresholds)}${more} (${odds}${since})`;
}

/** Less than a verdict, and more than chance: to give users back costs little, and they may be harmed meanwhile. */
function doubtSentence({ judged, active }: Said, crossing: Crossing): string {
  const { doubt, metrics, needed } = judged;
  const metric = metrics.find(({ name }) => name === crossing.name);
  const counts = metric === undefined ? crossing.name : countsSentence(metric, active, judged.slowThresholds);
  return `${counts} (in doubt: e-value ${shown(crossing.evidence)}; ${shown(doubt.needed)} gives users back, ${shown(needed)} ends the release)`;
}

function blindSentence(judged: Judgement): string {
  const { blindSpot, maxBlindSpot, missing } = judged;
  const seen =
    blindSpot >= 1
      ? "comparison: not even a candidate that fails every request would have been seen by now"
      : `comparison: only ${percent(blindSpot)} failing requests would have been seen by now, ${percent(maxBlindSpot)} wanted`;
  const more =
    missing === undefined
      ? (noisySentence(judged) ?? unknownSentence(judged))
      : `${missing.requests} requests more, ${missing.minutes} min at this traffic`;
  return `${seen}; ${more}`;
}

/** Why nobody can say how long it takes. */
function unknownSentence({ counts, stepSinceMs, stepMinutes }: Judgement): string {
  const minutes = counts.find(({ kind }) => kind === "failed")?.minutes ?? [];
  const { candidate, active, informativeMinutes } = totalOf(
    minutes.filter(({ atMs }) => atMs >= stepSinceMs),
  );
  if (stepMinutes === 0)
    return "CloudWatch has no whole minute of this step yet; after that it is known how long that takes";
  if (informativeMinutes > 0) return "at this traffic no week is enough";
  if (candidate.exposure + active.exposure === 0) return "no traffic to say how long that takes";
  return "no minute in which both slots had requests, to say how long that takes";
}

/** Where so much fails on the active slot itself that nothing smaller than the wanted smallest detectable failure rate could ever be seen. */
function noisySentence({ metrics, settings, maxBlindSpot }: Judgement): string | undefined {
  const active = metrics.find(({ kind }) => kind === "failed")?.total.active;
  if (active === undefined || active.exposure === 0) return undefined;
  const rate = active.events / active.exposure;
  return settings.tolerance * rate < maxBlindSpot
    ? undefined
    : `${percent(rate)} of the active slot's own requests fail or get no answer, and while that lasts no time is enough`;
}

/** What this gate says when it speaks of the smallest detectable failure rate. */
export const blindSpotReasons = (judged: Judgement): readonly string[] => [blindSentence(judged)];

function unprovenSentence({ ratio, rate, evidence, needed }: Proof, stepMinutes: number): string {
  const or = rate === undefined ? "" : `, or in less than ${percent(rate)} of its requests`;
  // The logarithm of evidence grows with the requests.
  const more = stepMinutes * (Math.log(needed) / Math.log(evidence) - 1);
  const time = evidence > 1 && stepMinutes > 0 ? `; about ${Math.ceil(more)} min at this traffic` : "";
  return `comparison: not proven yet that it fails less than ${ratio} times as often${or} (e-value ${shown(evidence)}, threshold ${shown(needed)}${time})`;
}

/** What is known of a candidate that may go on: how often it failed, and how often it still may. */
function seeingSentence({ judged, candidate, active }: Said): string {
  const failed = judged.metrics.find(({ kind }) => kind === "failed");
  if (failed === undefined) return `nothing speaks against ${candidate}`;
  const { total, ratio } = failed;
  const rate = ({ events, exposure }: Count) => percent(exposure === 0 ? 0 : events / exposure);
  const seen = `nothing speaks against ${candidate}: ${amount(total.candidate, failed)} failed, ${rate(total.active)} on ${active}`;
  const few =
    (ratio.estimate ?? 0) > judged.settings.tolerance
      ? `; ${failures(total.candidate.events)} too few to tell`
      : "";
  const most =
    ratio.high === undefined ? "" : `; it may still fail up to ${ratio.high.toPrecision(2)} times as often`;
  return `${seen}${few}${most}`;
}

const failures = (events: number) => (events === 1 ? "1 failure is" : `${Math.round(events)} failures are`);

function evidenceOf({ evidence, needed, doubt, blindSpot, proof, metrics }: Judgement): Evidence {
  const perMetric = metrics.flatMap(({ name, contribution, dispersion }) => [
    [`${name} contribution`, round(contribution)],
    [`${name} φ`, `${round(dispersion.phi)}${dispersion.assumed ? " (assumed)" : ""}`],
  ]);
  return {
    evidence: round(evidence),
    needed: round(needed),
    doubt: round(doubt.evidence),
    blindSpot: round(blindSpot),
    ...(proof === undefined ? {} : { proof: round(proof.evidence), proofNeeded: round(proof.needed) }),
    ...Object.fromEntries(perMetric),
  };
}

const round = (value: number) => Number(value.toPrecision(3));
const shown = (value: number) => (value >= 1e6 ? value.toExponential(1) : String(round(value)));

export const definition = defineGate({
  names: ["comparison"],
  asks: "Does the candidate fail, answer late, or do worse by a signal that rolls back, more often than the active slot in the same minutes; how blind is the step, and is it proven?",
  order: 10,
  sharing: comparisonGate,
  starting: comparisonGate,
  endsWithoutUsers: true,
});
