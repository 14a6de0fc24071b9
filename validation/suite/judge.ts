import type { SuitePolicy } from "../../contract/config/suite.ts";
import { biasFindings } from "./bias.ts";
import { check, type Check } from "./check.ts";
import { classFindings, finiteAnswers } from "./classes.ts";
import {
  CONFIDENCE,
  count,
  discordant,
  examplesNeeded,
  lossSeen,
  percent,
  points,
  rateNeeded,
  tooManyFailed,
  verdict,
  type BothAnswers,
  type SuiteFinding,
} from "./finding.ts";
import { grossErrors } from "./form/gross-errors.ts";
import type { Example } from "./golden.ts";
import { lossFindings } from "./losses.ts";
import { find, picked, some, type Many } from "./many/many.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
import { recallFinding } from "./recall.ts";
import { sliceFindings, smallSlices } from "./slices.ts";
import type { Task } from "./tasks/define.ts";
import {
  differenceLimit,
  holm,
  lowerLimit,
  lowerTail,
  mcnemar,
  medianLimit,
  quantile,
  samplesToJudge,
  signTest,
  upperTail,
  type Discordant,
} from "./statistics.ts";

/** A good candidate fails one of all statistical checks with at most this probability. */
export const SUITE_ALPHA = 1e-4;
export type { SuiteFinding } from "./finding.ts";

/** What the checks need to know beyond the answers. */
export interface Judged {
  readonly task: Task;
  /** Those that were asked, in the order of the pairs. */
  readonly examples: Many<Example>;
  /** Why nothing is known of right and wrong; absent: it is. */
  readonly unmarked?: string;
}

/**
 * The statistical checks; without an active slot only those against absolute bounds. Pure. `more`: findings of others
 * that share the one error probability.
 */
export function judge(
  pairs: Many<Pair>,
  policy: SuitePolicy,
  judged?: Judged,
  more: readonly SuiteFinding[] = [],
): readonly Check[] {
  const { unmarked } = judged ?? {};
  const findings = [...findingsOf(pairs, policy, judged), ...more];
  const proven = holm(
    findings.map(({ pValue }) => pValue),
    SUITE_ALPHA,
  );
  const checks = findings.map((finding, index) => verdict(finding, proven[index] === true));
  const silent = unmarked === undefined ? [] : RIGHT_CHECKS.map((name) => check(name, "notRun", unmarked));
  const rest =
    judged === undefined
      ? []
      : [
          finiteAnswers(pairs),
          ...(unmarked === undefined ? grossErrors(pairs, judged.examples, judged.task) : []),
          ...smallSlices(judged.examples, policy),
        ];
  return [...checks, ...silent, ...rest];
}

/** What is not judged when nobody knows what is right. */
const RIGHT_CHECKS = ["accuracy", "accuracy-vs-active", "loss", "loss-vs-active"] as const;

function findingsOf(
  pairs: Many<Pair>,
  policy: SuitePolicy,
  judged: Judged | undefined,
): readonly SuiteFinding[] {
  const candidate = picked(pairs, (pair) => pair.candidate);
  const both: BothAnswers = picked(pairs, ({ candidate, active }) =>
    active === undefined ? undefined : { candidate, active },
  );
  const { task, examples = [], unmarked } = judged ?? {};
  const knows = unmarked === undefined;
  const judgesRight = knows && (task?.judgesRight ?? true);
  const hasBoth = some(both, () => true);
  return [
    failures(candidate, policy),
    ...(judgesRight ? [accuracy(candidate, policy)] : []),
    ...(hasBoth ? [failuresBeside(both, policy)] : []),
    ...(hasBoth && judgesRight ? [accuracyBeside(both, policy)] : []),
    ...(hasBoth ? [latencyBeside(both, policy)] : []),
    ...(knows && task !== undefined ? lossFindings(pairs, task, policy) : []),
    ...biasFindings(pairs, policy),
    ...(knows && task !== undefined ? sliceFindings(pairs, examples, judgesRight, policy) : []),
    ...(task === undefined ? [] : classFindings(pairs, examples, task)),
    ...(knows && task !== undefined ? recallFinding(pairs, examples, task, policy) : []),
  ];
}

function failures(all: Iterable<Prediction>, policy: SuitePolicy): SuiteFinding {
  const first = find(all, (one) => !answered(one));
  return tooManyFailed("failures", "valid requests failed", policy, {
    n: count(all, () => true),
    failed: count(all, (one) => !answered(one)),
    such: first && failureWords(first),
  });
}

const failureWords = ({ flaw, said }: Prediction) => (flaw === undefined ? said : `${flaw}, ${said}`);

function accuracy(all: Iterable<Prediction>, { minAccuracy }: SuitePolicy): SuiteFinding {
  const n = count(all, answered);
  const right = count(all, (one) => answered(one) && one.right);
  const limit = lowerLimit(n, right, CONFIDENCE);
  return {
    name: "accuracy",
    pValue: lowerTail(n, right, minAccuracy),
    shownGood: limit >= minAccuracy,
    seen: `${percent(n === 0 ? 0 : right / n)} of ${n} answers are right, needed are ${percent(minAccuracy)}`,
    sight: `at least ${percent(limit)} is shown`,
    missing: `at least ${percent(minAccuracy)} must be`,
    needed: () =>
      rateNeeded(n, n - right, 1 - minAccuracy, (m, k) => lowerLimit(m, m - k, CONFIDENCE) >= minAccuracy),
    numbers: { n, right, value: n === 0 ? 0 : right / n, limit, bound: minAccuracy },
  };
}

function failuresBeside(pairs: BothAnswers, { maxFailureRate }: SuitePolicy): SuiteFinding {
  const seen = discordant(pairs, (one) => !answered(one));
  const limit = differenceLimit(seen, CONFIDENCE);
  return {
    name: "failures-vs-active",
    pValue: mcnemar(seen),
    shownGood: limit <= maxFailureRate,
    seen: `${seen.worse} failed only on the candidate, ${seen.better} only on the active slot, of ${seen.n}`,
    sight: lossSeen(limit),
    missing: `one of ${points(maxFailureRate)} must`,
    needed: () => pairsNeeded(seen, maxFailureRate),
    numbers: { ...seen, ...sidesOf(pairs, (one) => !answered(one)), limit, bound: maxFailureRate },
  };
}

function accuracyBeside(pairs: BothAnswers, { accuracyMargin, accuracySight }: SuitePolicy): SuiteFinding {
  const given = bothAnswered(pairs);
  const seen = discordant(given, (one) => !one.right);
  const { n, worse, better } = seen;
  const limit = differenceLimit(seen, CONFIDENCE);
  const change = n === 0 ? 0 : (better - worse) / n;
  return {
    name: "accuracy-vs-active",
    pValue: mcnemar(seen, accuracyMargin),
    shownGood: limit <= accuracySight,
    seen: `${change < 0 ? "" : "+"}${points(change)} compared with the active slot (${worse} worse, ${better} better of ${n}), allowed is a loss of ${points(accuracyMargin)}`,
    sight: lossSeen(limit),
    missing: `one of ${points(accuracySight)} must`,
    needed: () => pairsNeeded(seen, accuracySight),
    numbers: {
      ...seen,
      change,
      ...sidesOf(given, ({ right }) => right),
      limit,
      margin: accuracyMargin,
      bound: accuracySight,
    },
  };
}

function latencyBeside(pairs: BothAnswers, { latencyMargin, latencySight }: SuitePolicy): SuiteFinding {
  const [own, others]: [number[], number[]] = [[], []];
  for (const { candidate, active } of bothAnswered(pairs)) {
    own.push(candidate.seconds);
    others.push(active.seconds);
  }
  const ratios = own.map((seconds, place) => seconds / (others[place] ?? Number.NaN));
  const n = ratios.length;
  const slower = count(ratios, (ratio) => ratio > latencyMargin);
  const limit = medianLimit(ratios, CONFIDENCE);
  // The sign test is exact whatever n is; to be judged good by its median takes more.
  const enough = n >= samplesToJudge(0.5);
  const shown = { ...quantiles("candidate", own), ...quantiles("active", others) };
  const ms = [shown["candidateP50Ms"], shown["activeP50Ms"]].map((one) => one?.toFixed(1) ?? "?");
  return {
    name: "latency-vs-active",
    pValue: signTest(n, slower),
    shownGood: enough && limit <= latencySight,
    seen: `median ${ms[0]} ms compared with ${ms[1]} ms; ${slower} of ${n} pairs over ×${latencyMargin}`,
    sight: Number.isFinite(limit) ? `×${limit.toFixed(2)} would have shown` : "nothing would have shown",
    missing: enough ? `×${latencySight} must` : `it takes ${samplesToJudge(0.5)} pairs`,
    needed: () => ratiosNeeded(ratios, latencySight),
    // JSON has no infinity: without a limit there is none to tell.
    numbers: {
      n,
      slower,
      ...finite({ value: middleOf(ratios), limit }),
      margin: latencyMargin,
      bound: latencySight,
      ...shown,
    },
  };
}

const bothAnswered = (pairs: BothAnswers): BothAnswers =>
  picked(pairs, (pair) => (answered(pair.candidate) && answered(pair.active) ? pair : undefined));

function pairsNeeded({ n, worse, better }: Discordant, sight: number): number | undefined {
  if (n === 0 || (worse - better) / n >= sight) return undefined;
  const limitOf = (m: number) => ({
    n: m,
    worse: Math.ceil((worse * m) / n),
    better: Math.floor((better * m) / n),
  });
  return examplesNeeded(n, (m) => differenceLimit(limitOf(m), CONFIDENCE) <= sight);
}

/** The median is shown to be within sight when half of so many are hardly as rarely within it. */
function ratiosNeeded(ratios: readonly number[], sight: number): number | undefined {
  const within = count(ratios, (ratio) => ratio <= sight) / Math.max(1, ratios.length);
  if (within <= 0.5) return undefined;
  const least = Math.max(ratios.length, samplesToJudge(0.5));
  return examplesNeeded(
    least,
    (m) => m >= least && upperTail(m, Math.floor(within * m), 0.5) <= 1 - CONFIDENCE,
  );
}

/** The share of each slot's answers of which something is so, and the candidate's less the active slot's. */
function sidesOf(pairs: BothAnswers, isSo: (one: Prediction) => boolean) {
  const n = count(pairs, () => true);
  const share = (side: "candidate" | "active") =>
    n === 0 ? 0 : count(pairs, (pair) => isSo(pair[side])) / n;
  const [candidate, active] = [share("candidate"), share("active")];
  return { value: candidate - active, candidate, active };
}

const middleOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const SHOWN = { P50: 0.5, P90: 0.9, P99: 0.99 } as const;

/** The quantiles that there are enough answers for, in milliseconds. */
function quantiles(side: string, seconds: readonly number[]): Readonly<Record<string, number>> {
  const ms = seconds.map((one) => one * 1000);
  const found = Object.entries(SHOWN).flatMap(([name, q]) => {
    const value = quantile(ms, q);
    return value === undefined ? [] : [[`${side}${name}Ms`, value] as const];
  });
  return Object.fromEntries(found);
}

const finite = (numbers: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
