import type { SuitePolicy } from "../../contract/config/suite.ts";
import { check, type Check } from "./check.ts";
import { answered, type Pair, type Prediction } from "./measure.ts";
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
  upperLimit,
  upperTail,
} from "./statistics.ts";

/** A good candidate fails one of all statistical checks with at most this probability. */
export const SUITE_ALPHA = 1e-4;
/** What a check shows, it shows with this confidence. */
const CONFIDENCE = 0.95;

/** A statistical check before the verdict: whether it is proven bad depends on the other checks, too. */
export interface Finding {
  readonly name: string;
  /** How likely such numbers are if the candidate is no worse than the bound. */
  readonly pValue: number;
  /** Whether it is shown, with 95 % confidence, that the candidate is not as bad as it must not be. */
  readonly shownGood: boolean;
  readonly seen: string;
  /** The smallest difference that these numbers would have shown. */
  readonly sight: string;
  /** What keeps it from being shown good, when that is so. */
  readonly missing: string;
  readonly numbers: Check["numbers"];
}

/** The statistical checks, `more` of them among the same family; without an active slot only those against absolute bounds. Pure. */
export function judge(
  pairs: readonly Pair[],
  policy: SuitePolicy,
  more: readonly Finding[] = [],
): readonly Check[] {
  const candidate = pairs.map((pair) => pair.candidate);
  const both = pairs.flatMap((pair) =>
    pair.active === undefined ? [] : [{ candidate: pair.candidate, active: pair.active }],
  );
  const findings = [
    failures(candidate, policy),
    accuracy(candidate, policy),
    ...(both.length === 0
      ? []
      : [failuresBeside(both, policy), accuracyBeside(both, policy), latencyBeside(both, policy)]),
    ...more,
  ];
  const proven = holm(
    findings.map(({ pValue }) => pValue),
    SUITE_ALPHA,
  );
  return findings.map((finding, index) => verdict(finding, proven[index] === true));
}

function verdict(finding: Finding, provenBad: boolean): Check {
  const { name, pValue, shownGood, seen, sight, missing, numbers } = finding;
  const all = { ...numbers, pValue };
  if (provenBad) return check(name, "fail", seen, all);
  return shownGood
    ? check(name, "pass", `${seen}; ${sight}`, all)
    : check(name, "insufficient", `${seen}; ${sight}, ${missing}`, all);
}

const percent = (rate: number) => `${(rate * 100).toFixed(1)} %`;
const points = (difference: number) => `${(difference * 100).toFixed(1)} points`;
const count = <T>(values: readonly T[], matches: (value: T) => boolean) => values.filter(matches).length;

function failures(all: readonly Prediction[], { maxFailureRate }: SuitePolicy): Finding {
  const n = all.length;
  const failed = count(all, (one) => !answered(one));
  const limit = upperLimit(n, failed, CONFIDENCE);
  const first = all.find((one) => !answered(one));
  const such = first === undefined ? "" : ` (such as ${failureWords(first)})`;
  return {
    name: "failures",
    pValue: upperTail(n, failed, maxFailureRate),
    shownGood: limit <= maxFailureRate,
    seen: `${failed} of ${n} valid requests failed${such}, allowed are ${percent(maxFailureRate)}`,
    sight: `at most ${percent(limit)} is shown`,
    missing: `at most ${percent(maxFailureRate)} must be`,
    numbers: { n, failed, limit, bound: maxFailureRate },
  };
}

const failureWords = ({ flaw, said }: Prediction) => (flaw === undefined ? said : `${flaw}, ${said}`);

function accuracy(all: readonly Prediction[], { minAccuracy }: SuitePolicy): Finding {
  const given = all.filter(answered);
  const n = given.length;
  const right = count(given, (one) => one.right);
  const limit = lowerLimit(n, right, CONFIDENCE);
  return {
    name: "accuracy",
    pValue: lowerTail(n, right, minAccuracy),
    shownGood: limit >= minAccuracy,
    seen: `${percent(n === 0 ? 0 : right / n)} of ${n} answers are right, needed are ${percent(minAccuracy)}`,
    sight: `at least ${percent(limit)} is shown`,
    missing: `at least ${percent(minAccuracy)} must be`,
    numbers: { n, right, limit, bound: minAccuracy },
  };
}

type Both = readonly { readonly candidate: Prediction; readonly active: Prediction }[];

/** In how many pairs one side alone was bad. */
function discordant(pairs: Both, isBad: (one: Prediction) => boolean) {
  return {
    n: pairs.length,
    worse: count(pairs, ({ candidate, active }) => isBad(candidate) && !isBad(active)),
    better: count(pairs, ({ candidate, active }) => !isBad(candidate) && isBad(active)),
  };
}

function failuresBeside(pairs: Both, { maxFailureRate }: SuitePolicy): Finding {
  const seen = discordant(pairs, (one) => !answered(one));
  const limit = differenceLimit(seen, CONFIDENCE);
  return {
    name: "failures-vs-active",
    pValue: mcnemar(seen),
    shownGood: limit <= maxFailureRate,
    seen: `${seen.worse} failed only on the candidate, ${seen.better} only on the active slot, of ${seen.n}`,
    sight: lossSeen(limit),
    missing: `one of ${points(maxFailureRate)} must`,
    numbers: { ...seen, limit, bound: maxFailureRate },
  };
}

/** Below 0 the candidate is shown to be better. */
const lossSeen = (limit: number) =>
  limit <= 0 ? "any loss would have shown" : `a loss of ${points(limit)} would have shown`;

function accuracyBeside(pairs: Both, { accuracyMargin, accuracySight }: SuitePolicy): Finding {
  const given = pairs.filter(({ candidate, active }) => answered(candidate) && answered(active));
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
    numbers: { ...seen, change, limit, margin: accuracyMargin, bound: accuracySight },
  };
}

function latencyBeside(pairs: Both, { latencyMargin, latencySight }: SuitePolicy): Finding {
  const given = pairs.filter(({ candidate, active }) => answered(candidate) && answered(active));
  const ratios = given.map(({ candidate, active }) => candidate.seconds / active.seconds);
  const n = ratios.length;
  const slower = count(ratios, (ratio) => ratio > latencyMargin);
  const limit = medianLimit(ratios, CONFIDENCE);
  // The sign test is exact whatever n is; to be judged good by its median takes more.
  const enough = n >= samplesToJudge(0.5);
  const shown = {
    ...quantiles(
      "candidate",
      given.map(({ candidate }) => candidate),
    ),
    ...quantiles(
      "active",
      given.map(({ active }) => active),
    ),
  };
  const ms = [shown["candidateP50Ms"], shown["activeP50Ms"]].map((one) => one?.toFixed(1) ?? "?");
  return {
    name: "latency-vs-active",
    pValue: signTest(n, slower),
    shownGood: enough && limit <= latencySight,
    seen: `median ${ms[0]} ms beside ${ms[1]} ms; ${slower} of ${n} pairs over ×${latencyMargin}`,
    sight: Number.isFinite(limit) ? `×${limit.toFixed(2)} would have shown` : "nothing would have shown",
    missing: enough ? `×${latencySight} must` : `it takes ${samplesToJudge(0.5)} pairs`,
    // JSON has no infinity: without a limit there is none to tell.
    numbers: { n, slower, margin: latencyMargin, bound: latencySight, ...finite({ limit }), ...shown },
  };
}

const SHOWN = { P50: 0.5, P90: 0.9, P99: 0.99 } as const;

/** The quantiles that there are enough answers for, in milliseconds. */
function quantiles(side: string, answers: readonly Prediction[]): Readonly<Record<string, number>> {
  const ms = answers.map(({ seconds }) => seconds * 1000);
  const found = Object.entries(SHOWN).flatMap(([name, q]) => {
    const value = quantile(ms, q);
    return value === undefined ? [] : [[`${side}${name}Ms`, value] as const];
  });
  return Object.fromEntries(found);
}

const finite = (numbers: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
