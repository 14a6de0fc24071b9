import type { Schedule } from "../../contract/release/schedule.ts";
import { assess, pass, tooEarly, type Assessment } from "../core/assessment.ts";
import { remembered, type ComparisonData, type EarlierReads } from "../core/comparison/data.ts";
import { totalOf, type Count } from "../core/comparison/counts.ts";
import { judge, type Judgement } from "../core/comparison/judgement.ts";
import { LEAST_RATE, LEAST_RATIOS } from "../core/comparison/proof.ts";
import { decide } from "../core/decide.ts";
import type { Observation, SlotObservation } from "../core/observation.ts";
import type { Verdict } from "../core/verdict.ts";
import { clientErrorsGate } from "../gates/client-errors.ts";
import { comparisonGate } from "../gates/comparison.ts";
import { sampleRatioGate } from "../gates/sample-ratio.ts";
import { unansweredGate } from "../gates/unanswered.ts";
import { DEFAULT_SETTINGS } from "../insight/replay/settings.ts";
import type { Metrics } from "../measures.ts";
import { attempt } from "../reading.ts";
import { readQuestionData, type AskedMemory } from "./read-pair.ts";
import type { JudgeQuestion } from "./question.ts";
import { sentenceFor, wordsFor, type JudgeVerdict } from "./words.ts";

/** What the judge says of a pair; all of it is fit for JSON. */
export interface JudgeAnswer {
  readonly verdict: JudgeVerdict;
  readonly sentence: string;
  /** Why, the deciding ones first. */
  readonly reasons: readonly string[];
  /** Whether the step's time is over, and a person has to look. */
  readonly expired: boolean;
  /** Since when users are compared, ISO 8601; null: the candidate had none. */
  readonly since: string | null;
  readonly stepSince: string | null;
  /** The candidate's share in percent: as it was said, or as the requests come; null: there are none. */
  readonly share: number | null;
  /** Requests and failures of the minutes that count. */
  readonly candidate: ComparedCount;
  readonly active: ComparedCount;
  /** Evidence of harm, and how much of it rolls back. */
  readonly evidence: number;
  readonly needed: number;
  /** Share of failing requests that would have been rolled back by now, 0 to 1. */
  readonly blindSpot: number;
  /** What each gate said. */
  readonly gates: readonly Pick<Assessment, "gate" | "answer">[];
}

export interface ComparedCount {
  readonly requests: number;
  readonly failed: number;
}

/** What a process that is asked more than once remembers of a pair; begins empty. */
export interface JudgeMemory extends AskedMemory {
  reads?: EarlierReads;
  /** When a tool was last told to go on: with that its next step begins, epoch ms. */
  toldMs?: number;
}

export interface JudgePorts {
  readonly metrics: Metrics;
  /** Epoch ms of the cloud's clock. */
  readonly now: () => number;
}

// In AWS's words for both; the sentences name neither.
const [CANDIDATE, ACTIVE] = ["green", "blue"] as const;
const NOT_KNOWN = { readable: false, why: "only the load balancer's counts are read" } as const;
const GATES = [comparisonGate, unansweredGate, clientErrorsGate, sampleRatioGate];

/**
 * What each step has to prove where the policy does not say it. Whether a tool's next step gives everybody to the
 * candidate, as that of a canary does, is not known here, so each is judged as the last of ours.
 */
const EACH_STEP: Schedule = {
  provenRatios: LEAST_RATIOS.slice(-1),
  provenRate: LEAST_RATE,
  minutes: [],
  odds: [],
};

/** Judges a pair by what the load balancer counted. Whatever cannot be read, or is not enough, waits. */
export async function judgePair(
  { metrics, now }: JudgePorts,
  question: JudgeQuestion,
  memory: JudgeMemory = {},
): Promise<JudgeAnswer> {
  const nowMs = now();
  const read = await attempt(() => readQuestionData(metrics, question, nowMs, memory));
  if (!read.readable) return waiting(`CloudWatch could not be read (${read.why})`);
  if (read.value === undefined) return waiting("the candidate has had no requests");
  const { data, sinceMs } = read.value;
  const stepSinceMs = Math.max(sinceMs, question.stepSince ?? memory.toldMs ?? sinceMs);
  const share = question.share ?? observedShare(data, stepSinceMs);
  if (share === undefined) return waiting("neither model has had a request that counts", sinceMs);
  // The comparison has nothing to say there, so it would keep nobody from going on.
  if (share <= 0 || share >= 100) {
    return waiting(`the candidate has ${share} % of the requests: there is nobody to compare with`, sinceMs);
  }
  const earlier = remembered(data.minutes, nowMs, memory.reads);
  memory.reads = earlier;
  const { policy, sticky } = question;
  const judged = judge({
    data,
    earlier,
    nowMs,
    stepSinceMs,
    splitSinceMs: sinceMs,
    share,
    sticky,
    attempt: 1,
    visits: 1,
    policy,
    schedule: EACH_STEP,
  });
  const assessments = assessed(question, judged, { nowMs, stepSinceMs, share });
  const deadlineMs = stepSinceMs + (question.deadlineMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const phase = { phase: "sharing", share, liveSinceMs: stepSinceMs, deadlineMs } as const;
  const verdict = decide(phase, assessments, policy, nowMs);
  return answerOf(verdict, judged, { sinceMs, stepSinceMs, share }, assessments);
}

/** Where nobody says it: what part of the requests of this step came to the candidate, in percent. */
function observedShare({ minutes }: ComparisonData, stepSinceMs: number): number | undefined {
  const step = minutes.filter(({ atMs }) => atMs >= stepSinceMs);
  const sum = (arm: "candidate" | "active") => step.reduce((all, one) => all + one[arm].requests, 0);
  const [candidate, active] = [sum("candidate"), sum("active")];
  return candidate + active === 0 ? undefined : (100 * candidate) / (candidate + active);
}

interface StepOfOthers {
  readonly nowMs: number;
  readonly stepSinceMs: number;
  readonly share: number;
}

function assessed(
  { policy, sticky, share: said }: JudgeQuestion,
  judged: Judgement,
  { nowMs, stepSinceMs, share }: StepOfOthers,
): readonly Assessment[] {
  const arm = (slot: SlotObservation["slot"], percent: number): SlotObservation => ({
    slot,
    share: percent,
    requested: undefined,
    alarms: NOT_KNOWN,
    targets: NOT_KNOWN,
    service: NOT_KNOWN,
    requests: NOT_KNOWN,
    values: {},
  });
  const observation: Observation = {
    nowMs,
    liveSinceMs: stepSinceMs,
    askedMs: stepSinceMs,
    firstShare: true,
    candidate: arm(CANDIDATE, share),
    active: arm(ACTIVE, 100 - share),
    comparison: { readable: true, value: judged },
    refused: undefined,
  };
  const { thresholds } = DEFAULT_SETTINGS;
  // A share that was taken from the counts cannot contradict them.
  const gates = said === undefined ? GATES.filter((gate) => gate !== sampleRatioGate) : GATES;
  return [
    ...assess(gates, { observation, policy, thresholds, sticky }),
    { gate: "minimum-requests", about: "candidate", answer: requestsAnswer(judged, policy.minRequests) },
  ];
}

function requestsAnswer({ counts, stepSinceMs }: Judgement, need: number): Assessment["answer"] {
  const failed = counts.find(({ kind }) => kind === "failed");
  const step = (failed?.minutes ?? []).filter(({ atMs }) => atMs >= stepSinceMs);
  const requests = totalOf(step).candidate.exposure;
  const words = `${requests} requests on the candidate in this step, ${need} needed`;
  return requests < need ? tooEarly(words, { requests, need }) : pass(words, { requests, need });
}

interface StepTimes {
  readonly sinceMs: number;
  readonly stepSinceMs: number;
  readonly share: number;
}

function answerOf(
  verdict: Verdict,
  judged: Judgement,
  { sinceMs, stepSinceMs, share }: StepTimes,
  assessments: readonly Assessment[],
): JudgeAnswer {
  const said = saidBy(verdict);
  const expired = "expired" in verdict && verdict.expired;
  const reasons = verdict.reasons.map(wordsFor);
  const failed = totalOf(judged.counts.find(({ kind }) => kind === "failed")?.minutes ?? []);
  return {
    verdict: said,
    sentence: sentenceFor(said, { reasons, expired, share, isDoubt: verdict.kind === "retreat" }),
    reasons,
    expired,
    since: new Date(sinceMs).toISOString(),
    stepSince: new Date(stepSinceMs).toISOString(),
    share: Number(share.toPrecision(3)),
    candidate: counted(failed.candidate),
    active: counted(failed.active),
    evidence: Number(judged.evidence.toPrecision(3)),
    needed: judged.needed,
    blindSpot: Number(judged.blindSpot.toPrecision(3)),
    gates: assessments.map(({ gate, answer }) => ({
      gate,
      answer: { ...answer, reason: wordsFor(answer.reason) },
    })),
  };
}

/** Nobody here takes users back for a while, so what this engine calls a retreat waits for proof. */
function saidBy({ kind }: Verdict): JudgeVerdict {
  if (kind === "rollback") return "rollback";
  return kind === "advance" || kind === "promote" ? "continue" : "wait";
}

const counted = ({ exposure, events }: Count): ComparedCount => ({ requests: exposure, failed: events });
const NOTHING: ComparedCount = { requests: 0, failed: 0 };

function waiting(reason: string, sinceMs?: number): JudgeAnswer {
  const since = sinceMs === undefined ? null : new Date(sinceMs).toISOString();
  return {
    verdict: "wait",
    sentence: sentenceFor("wait", { reasons: [reason], expired: false, share: undefined, isDoubt: false }),
    reasons: [reason],
    expired: false,
    since,
    stepSince: since,
    share: null,
    candidate: NOTHING,
    active: NOTHING,
    evidence: 0,
    needed: 0,
    blindSpot: 1,
    gates: [],
  };
}
