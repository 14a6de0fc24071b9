import { isClearlySlower } from "../../contract/signals/agent-counts.ts";
import {
  judgeShadow,
  type PairCells,
  type ShadowJudgement,
  type ShadowPolicy,
} from "../core/signals/shadow.ts";
import { quoted } from "../protocols/ask.ts";
import type { Speaker } from "../protocols/speaker.ts";
import { quantileNumbers } from "../suite/load/quantiles.ts";
import type { AnsweredPair } from "./ask-pairs.ts";
import { areTwo, isFailed } from "./reading.ts";

/** A request to which the candidate alone answered otherwise. */
export interface DisagreementExample {
  /** Of the file, from 1. */
  readonly line: number;
  /** What the active model answered first. */
  readonly active: string;
  /** What the candidate answered. */
  readonly candidate: string;
}

export interface ComparedPairs {
  /** Requests that were asked. */
  readonly asked: number;
  /** Of them, those to which the active slot gave no answer the first time: nothing to compare with. */
  readonly activeFailed: number;
  /** And those that it refused (4xx, a redirect): that both refuse the same is no sign of a model that answers alike. */
  readonly activeRefused: number;
  /** Whether the candidate gives no answer more often than the active slot when asked again. */
  readonly failures: ShadowJudgement;
  readonly disagreement: ShadowJudgement;
  /** Whether the candidate takes clearly longer than the active slot when asked again. */
  readonly slower: ShadowJudgement;
  /** p50, p90 and p99 of both in milliseconds, with their intervals. */
  readonly latency: Readonly<Record<string, number>>;
  readonly examples: readonly DisagreementExample[];
}

const EXAMPLES = 5;
const CONFIDENCE = 0.95;

/** What the answers to all requests say of the candidate. */
export function comparePairs(
  pairs: readonly AnsweredPair[],
  speakers: { readonly candidate: Speaker; readonly active: Speaker },
  within: number | undefined,
  policy: ShadowPolicy,
): ComparedPairs {
  const usable = pairs.filter(({ first }) => !isFailed(first));
  const accepted = usable.filter(({ first }) => first.status < 300);
  const answered = accepted.filter(({ candidate, again }) => !isFailed(candidate) && !isFailed(again));
  const differing = answered.map((pair) => {
    const { question } = pair.request;
    const first = { reply: pair.first, speaker: speakers.active };
    return {
      pair,
      candidate: areTwo(first, { reply: pair.candidate, speaker: speakers.candidate }, { question, within }),
      again: areTwo(first, { reply: pair.again, speaker: speakers.active }, { question, within }),
    };
  });
  const failing = usable.map(({ candidate, again }) => ({
    candidate: isFailed(candidate),
    again: isFailed(again),
  }));
  return {
    asked: pairs.length,
    activeFailed: pairs.length - usable.length,
    activeRefused: usable.length - accepted.length,
    failures: judgeShadow([{ atMs: 0, ...cellsOf(failing) }], { ...policy, allowedDisagreement: 0 }),
    disagreement: judgeShadow([{ atMs: 0, ...cellsOf(differing) }], policy),
    slower: judgeShadow([{ atMs: 0, ...cellsOf(answered.map(timed)) }], {
      ...policy,
      allowedDisagreement: 0,
    }),
    latency: {
      ...quantileNumbers(
        "candidate",
        answered.map(({ candidate }) => candidate.seconds),
        CONFIDENCE,
      ),
      ...quantileNumbers(
        "active",
        answered.map(({ first }) => first.seconds),
        CONFIDENCE,
      ),
    },
    examples: differing
      .filter(({ candidate, again }) => candidate && !again)
      .slice(0, EXAMPLES)
      .map(({ pair }) => ({
        line: pair.request.line,
        active: quoted(pair.first),
        candidate: quoted(pair.candidate),
      })),
  };
}

const timed = ({ candidate, again }: AnsweredPair) => {
  const [own, other] = [candidate.seconds * 1000, again.seconds * 1000];
  return { candidate: isClearlySlower(own, other), again: isClearlySlower(other, own) };
};

function cellsOf(pairs: readonly { readonly candidate: boolean; readonly again: boolean }[]): PairCells {
  const count = (candidate: boolean, again: boolean) =>
    pairs.filter((pair) => pair.candidate === candidate && pair.again === again).length;
  return {
    both: count(true, true),
    onlyCandidate: count(true, false),
    onlyAgain: count(false, true),
    neither: count(false, false),
  };
}
