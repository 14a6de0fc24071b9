import { check, type Check } from "./check.ts";
import { count, type Finding } from "./finding.ts";
import type { Example } from "./golden.ts";
import { answered, isNotFinite, type Pair, type Prediction } from "./measure.ts";
import { mcnemar } from "./statistics.ts";
import type { Task } from "./tasks/define.ts";

/** One example with what the candidate answered, what was right, and what the active slot answered, where there is one. */
interface Answered {
  readonly candidate: string;
  readonly active: string | undefined;
  readonly label: string;
}

/** What is wrong with the answers as a whole: always the same, a class that never comes, two that are swapped. */
export function classFindings(
  pairs: readonly Pair[],
  examples: readonly Example[],
  task: Task,
): readonly Finding[] {
  const keyOf = ({ category, value }: Prediction) => category ?? JSON.stringify(value) ?? "";
  const labelOf = (label: unknown) => task.categoryOf?.(label) ?? JSON.stringify(label) ?? "";
  const given = pairs.flatMap(({ candidate, active }, place): readonly Answered[] => {
    if (!answered(candidate) || (active !== undefined && !answered(active))) return [];
    const label = labelOf(examples[place]?.label);
    return [{ candidate: keyOf(candidate), active: active && keyOf(active), label }];
  });
  const ofClasses =
    task.categoryOf === undefined || given.length === 0
      ? []
      : [missingClasses(given), ...swappedClasses(given)];
  return [...constantAnswers(given), ...ofClasses];
}

/** Names of the reference: the active slot's answers, or what was right. */
const referenceOf = ({ active, label }: Answered) => active ?? label;
const whose = (given: readonly Answered[]) =>
  given[0]?.active === undefined ? "the labels have" : "the active slot answers";

/** Nothing of it where all examples have the same label: then one answer is all there is. */
function constantAnswers(given: readonly Answered[]): readonly Finding[] {
  if (new Set(given.map(({ label }) => label)).size < 2) return [];
  const n = given.length;
  const distinct = new Set(given.map(({ candidate }) => candidate)).size;
  // As likely as the other to be the one that differs: a coin for each example in which only the other does.
  const worse = distinct > 1 ? 0 : count(given, (one) => referenceOf(one) !== one.candidate);
  const always = short(given[0]?.candidate ?? "");
  return [
    {
      name: "constant-answers",
      pValue: mcnemar({ n, worse, better: 0 }),
      shownGood: distinct > 1,
      otherwise: "warn",
      seen:
        distinct > 1
          ? `${distinct} different answers to ${n} examples`
          : `always ${always} to ${n} examples, where ${whose(given)} something else in ${worse}`,
      sight: "",
      missing: "too few to prove it",
      numbers: { n, value: distinct, worse },
    },
  ];
}

/** Classes that the other answers rightly, and the candidate never at all. */
function missingClasses(given: readonly Answered[]): Finding {
  const n = given.length;
  const said = new Set(given.map(({ candidate }) => candidate));
  const missing = new Map<string, number>();
  for (const { active, label } of given) {
    if (said.has(label) || (active !== undefined && active !== label)) continue;
    missing.set(label, (missing.get(label) ?? 0) + 1);
  }
  const classes = new Set(given.map(({ label }) => label)).size;
  const worst = Math.max(0, ...missing.values());
  const named = [...missing].map(([name, times]) => `${short(name)} (${times})`).join(", ");
  return {
    name: "missing-classes",
    // Any of the classes may be the one that is missing.
    pValue: Math.min(1, classes * mcnemar({ n, worse: worst, better: 0 })),
    shownGood: missing.size === 0,
    otherwise: "warn",
    seen:
      missing.size === 0
        ? `each class is answered of those that ${whose(given)}`
        : `never answered, though ${whose(given)} them: ${named}`,
    sight: "",
    missing: "too few to prove it",
    numbers: { n, value: missing.size, worse: worst },
  };
}

/** Two classes, each of which is answered for the other more often than the active slot does. */
function swappedClasses(given: readonly Answered[]): readonly Finding[] {
  if (given.every(({ active }) => active === undefined)) return [];
  const n = given.length;
  const names = [...new Set(given.map(({ label }) => label))];
  const pairs = (names.length * (names.length - 1)) / 2;
  const taken = takenFor(given);
  const of = (label: string, answer: string) => taken.get(label)?.get(answer) ?? NEVER;
  const mixedUp = names
    .flatMap((a, place) => names.slice(place + 1).map((b) => ({ a, b, ab: of(a, b), ba: of(b, a) })))
    .map((one) => {
      // Both must have happened: the less clear of the two decides.
      const pValue = Math.max(mcnemar({ n, ...one.ab }), mcnemar({ n, ...one.ba }));
      return { ...one, pValue };
    })
    .toSorted((one, other) => one.pValue - other.pValue);
  const [first] = mixedUp;
  if (first === undefined) return [];
  const { a, b, ab, ba, pValue } = first;
  return [
    {
      name: "swapped-classes",
      pValue: Math.min(1, pairs * pValue),
      // Whether it is proven is the only question here: a candidate that is worse otherwise fails by its accuracy.
      shownGood: true,
      seen:
        pValue < 1
          ? `most alike: ${short(a)} is taken for ${short(b)} in ${ab.worse} examples by the candidate alone, ${short(b)} for ${short(a)} in ${ba.worse}`
          : "no two classes are taken for each other more often than by the active slot",
      sight: "",
      missing: "",
      numbers: { n, value: Math.min(ab.worse, ba.worse) },
    },
  ];
}

const NEVER = { worse: 0, better: 0 };

/** By label and wrong answer: how often the candidate alone gave it, and how often the active slot alone. */
function takenFor(given: readonly Answered[]) {
  const counts = new Map<string, Map<string, { worse: number; better: number }>>();
  for (const { label, candidate, active = label } of given) {
    if (candidate === active) continue;
    const ofLabel = counts.get(label) ?? new Map<string, { worse: number; better: number }>();
    counts.set(label, ofLabel);
    for (const [answer, side] of [
      [candidate, "worse"],
      [active, "better"],
    ] as const) {
      const cell = ofLabel.get(answer) ?? { ...NEVER };
      cell[side] += 1;
      ofLabel.set(answer, cell);
    }
  }
  return counts;
}

/** One number that is none is proof enough: no chance is in it. Where the active slot has none, either, it only warns. */
export function finiteAnswers(pairs: readonly Pair[]): Check {
  const bad = pairs.filter(({ candidate }) => isNotFinite(candidate));
  const own = bad.filter(({ active }) => active === undefined || !isNotFinite(active));
  const n = count(pairs, ({ candidate }) => answered(candidate)) + bad.length;
  if (n === 0) return check("finite-answers", "insufficient", "no example was answered");
  const numbers = {
    n,
    value: bad.length,
    candidate: bad.length,
    ...(pairs.some(({ active }) => active !== undefined)
      ? { active: count(pairs, ({ active }) => active !== undefined && isNotFinite(active)) }
      : {}),
    bound: 0,
  };
  const [first] = own.length > 0 ? own : bad;
  if (first === undefined)
    return check("finite-answers", "pass", `no NaN, infinity or null in ${n} answers`, numbers);
  const { flaw = "", said } = first.candidate;
  const alone =
    own.length > 0 ? `, ${own.length} of them on the candidate alone` : ", on the active slot as well";
  const reason = `${bad.length} of ${n} answers have ${flaw}${alone} (such as ${said})`;
  return check("finite-answers", own.length > 0 ? "fail" : "warn", reason, numbers);
}

const short = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
