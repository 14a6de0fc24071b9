import type { ShadowStep } from "../../contract/config/shadow-policy.ts";
import {
  fail,
  pass,
  tooEarly,
  unreadable,
  type Answer,
  type Evidence,
  type Gate,
} from "../core/assessment.ts";
import { iso } from "../core/iso.ts";
import type { Reading } from "../core/observation.ts";
import { judgeLiveShadow, type LiveShadow, type ShadowVerdict } from "../core/signals/live-shadow.ts";
import type { ShadowPolicy } from "../core/signals/shadow.ts";
import {
  shadowFailures,
  shadowLatency,
  shadowSentence,
  type ShadowWords,
} from "../core/signals/shadow-words.ts";
import { defineGate } from "./define.ts";

/** So long nothing need be counted: a line of the agent's is a minute's, and CloudWatch may be late with it. */
const SILENT_MS = 5 * 60_000;
/** Less than this part more is worth saying where nothing is allowed. */
const SIGHT = 0.01;

/**
 * What users asked the active model was asked of the candidate, too, before anybody waits for its answers. It never ends a
 * release: another answer is not a wrong one.
 */
export const shadowGate: Gate = ({ observation, policy }) => {
  const { shadow: seen, candidate, active } = observation;
  if (policy.shadow === undefined || seen === undefined) return [];
  const who = { candidate: candidate.slot, active: active.slot };
  const answer = shadowAnswer(seen, policy.shadow, policy.alpha, who);
  return [{ gate: "shadow", about: "candidate", onFail: "hold", answer }];
};

/** What of a shadow follows for the candidate. */
export function shadowAnswer(
  seen: Reading<LiveShadow>,
  step: ShadowStep,
  alpha: number,
  who: ShadowWords,
): Answer {
  if (!seen.readable) return unreadable(`shadow: its counts could not be read (${seen.why})`);
  return answerOf(seen.value, step, alpha, who);
}

function answerOf(seen: LiveShadow, step: ShadowStep, alpha: number, who: ShadowWords): Answer {
  const { candidate, active } = who;
  if (seen.kind === "none") {
    return unreadable(`shadow: the model on ${active} was deployed without service.agent.shadow. ${WITHOUT}`);
  }
  if (seen.kind === "deploying") {
    return tooEarly(`shadow: tasks of ${candidate} are still being replaced, so nothing is counted yet`);
  }
  const policy = policyOf(step, alpha);
  const verdict = judgeLiveShadow(seen.minutes, policy);
  const evidence = evidenceOf(verdict);
  const { disagreement, failures, latency, unreadableAtMs } = verdict;
  const words = [
    shadowSentence(disagreement, policy, who),
    // Without pairs there is nothing more to say of them.
    ...(failures.pairs === 0 ? [] : [shadowFailures(failures, who)]),
    ...(disagreement.pairs === 0 ? [] : [shadowLatency(latency, who)]),
  ].join("; ");
  const said = `shadow: ${words}`;
  const isSeen = disagreement.seenAtMs !== undefined || failures.seenAtMs !== undefined;
  if (isSeen && step.action === "hold") return fail(`${said}. ${GO_ON}`, evidence);
  if (unreadableAtMs !== undefined) {
    return unreadable(
      `shadow: the counts of the minute of ${iso(unreadableAtMs)} contradict each other`,
      evidence,
    );
  }
  const missing = missingOf(seen, step, verdict, active);
  if (missing !== undefined) {
    return tooEarly(`shadow: ${missing}${disagreement.pairs === 0 ? "" : `; ${words}`}`, evidence);
  }
  return pass(said, evidence);
}

const WITHOUT =
  "For this release: npx bluegreen replay-requests <file>, and pulumi config rm --path rollout.shadow && pulumi up to go on without";
const GO_ON =
  "To go on all the same: pulumi config set --path rollout.shadow.action report && pulumi up; another model in its place: npx bluegreen deploy";

const policyOf = ({ allowedDisagreement, repeats }: ShadowStep, alpha: number): ShadowPolicy => ({
  alpha,
  allowedDisagreement,
  sight: allowedDisagreement === 0 ? SIGHT : allowedDisagreement,
  // A candidate that may differ may do so in one request that comes often, each time.
  clusterSize: allowedDisagreement === 0 ? 1 : repeats,
});

/** What has not been reached; undefined: all is. */
function missingOf(
  { sinceMs, untilMs }: Extract<LiveShadow, { readonly kind: "counted" }>,
  step: ShadowStep,
  { disagreement: { pairs }, failures, sampled }: ShadowVerdict,
  active: string,
): string | undefined {
  const minutes = Math.max(0, Math.floor((untilMs - sinceMs) / 60_000));
  if (pairs >= step.pairs && minutes >= step.minutes) return undefined;
  const of = [
    `${pairs} of ${step.pairs} pairs`,
    ...(step.minutes === 0 ? [] : [`${Math.min(minutes, step.minutes)} of ${step.minutes} minutes`]),
  ].join(", ");
  if (pairs > 0 || untilMs - sinceMs < SILENT_MS) return `${of} since ${iso(sinceMs)}`;
  const log = `npx bluegreen logs ${active}`;
  const why =
    sampled === 0
      ? `the agent of ${active} has sampled no request: nobody asks for its paths, all of it is longer than its maxBytes, or it finds no candidate (${log})`
      : failures.pairs === 0
        ? `of ${sampled} sampled requests none was asked of the candidate, or ${active} refused each when it was asked again (${log})`
        : `none of ${failures.pairs} requests was answered by both (${log})`;
  return `${of} since ${iso(sinceMs)}; ${why}`;
}

function evidenceOf({ disagreement, failures, latency, sampled, dropped }: ShadowVerdict): Evidence {
  const { pairs, candidateDiffers, activeDiffers, low, high, evidence, needed } = disagreement;
  const rounded = (value: number) => Number(value.toPrecision(4));
  return {
    pairs,
    candidateDiffers: rounded(candidateDiffers),
    activeDiffers: rounded(activeDiffers),
    excessLow: rounded(low),
    excessHigh: rounded(high),
    evidence: rounded(evidence),
    needed: rounded(needed),
    requests: failures.pairs,
    candidateFailed: Math.round(failures.candidateDiffers * failures.pairs),
    activeFailed: Math.round(failures.activeDiffers * failures.pairs),
    failureEvidence: rounded(failures.evidence),
    ...(latency.pairs === 0
      ? {}
      : {
          candidateSlower: Math.round(latency.candidateDiffers * latency.pairs),
          activeSlower: Math.round(latency.activeDiffers * latency.pairs),
          latencyEvidence: rounded(latency.evidence),
        }),
    sampled,
    dropped,
  };
}

export const definition = defineGate({
  names: ["shadow"],
  asks: "Has the candidate been asked what users ask, as `rollout.shadow` says, and does it answer as the active model does? It holds, and ends nothing.",
  order: 36,
  starting: shadowGate,
});
