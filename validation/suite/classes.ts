import { check, type Check } from "./check.ts";
import { count, short, type SuiteFinding } from "./finding.ts";
import type { Example } from "./golden.ts";
import { find, picked, some, type Many } from "./many/many.ts";
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
  pairs: Many<Pair>,
  examples: Many<Example>,
  task: Task,
): readonly SuiteFinding[] {
  const keyOf = ({ category, value }: Prediction) => category ?? JSON.stringify(value) ?? "";
  const labelOf = (label: unknown) => task.categoryOf?.(label) ?? JSON.stringify(label) ?? "";
  const given = picked(pairs, ({ candidate, active }, place): Answered | undefined => {
    if (!answered(candidate) || (active !== undefined && !answered(active))) return undefined;
    const label = labelOf(examples.at(place)?.label);
    return { candidate: keyOf(candidate), active: active && keyOf(active), label };
  });
  const ofClasses =
    task.categoryOf === undefined || find(given, () => true) === undefined
      ? []
      : [missingClasses(given), ...swappedClasses(given)];
  return [...constantAnswers(given), ...ofClasses];
}

/** More different answers than this are many; nobody counts them. */
const MOST_DISTINCT = 1000;

/** Names of the reference: the active slot's answers, or what was right. */
const referenceOf = ({ active, label }: Answered) => active ?? label;
const whose = (given: Iterable<Answered>) =>
  find(given, () => true)?.active === undefined ? "the labels have" : "the active slot answers";

/** Nothing of it where all examples have the same label: then one answer is all there is. */
function constantAnswers(given: Iterable<Answered>): readonly SuiteFinding[] {
  if (distinctIn(given, ({ label }) => label, 2) < 2) return [];
  const n = count(given, () => true);
  const distinct = distinctIn(given, ({ candidate }) => candidate, MOST_DISTINCT + 1);
  const first = find(given, () => true)?.candidate ?? "";
  // As likely as the other to be the one that differs: a coin for each example in which only the other does.
  const worse = distinct > 1 ? 0 : count(given, (one) => referenceOf(one) !== one.candidate);
  const always = short(first);
  const told = distinct > MOST_DISTINCT ? `more than ${MOST_DISTINCT}` : String(distinct);
  return [
    {
      name: "constant-answers",
      pValue: mcnemar({ n, worse, better: 0 }),
      shownGood: distinct > 1,
      otherwise: "warn",
      seen:
        distinct > 1
          ? `${told} different answers to ${n} examples`
          : `always ${always} to ${n} examples, where ${whose(given)} something else in ${worse}`,
      sight: "",
      missing: "too few to prove it",
      numbers: { n, value: distinct, worse },
    },
  ];
}

/** How many there are, counted up to `most`. */
function distinctIn(given: Iterable<Answered>, of: (one: Answered) => string, most: number): number {
  const found = new Set<string>();
  for (const one of given) {
    found.add(of(one));
    if (found.size >= most) break;
  }
  return found.size;
}

/** Classes that the other answers rightly, and the candidate never at all. */
function missingClasses(given: Iterable<Answered>): SuiteFinding {
  const n = count(given, () => true);
  const said = new Set(picked(given, ({ candidate }) => candidate));
  const missing = new Map<string, number>();
  for (const { active, label } of given) {
    if (said.has(label) || (active !== undefined && active !== label)) continue;
    missing.set(label, (missing.get(label) ?? 0) + 1);
  }
  const classes = new Set(picked(given, ({ label }) => label)).size;
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
function swappedClasses(given: Iterable<Answered>): readonly SuiteFinding[] {
  if (!some(given, ({ active }) => active !== undefined)) return [];
  const n = count(given, () => true);
  const names = [...new Set(picked(given, ({ label }) => label))];
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
function takenFor(given: Iterable<Answered>) {
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
export function finiteAnswers(pairs: Iterable<Pair>): Check {
  const isBad = ({ candidate }: Pair) => isNotFinite(candidate);
  const isOwn = (pair: Pair) => isBad(pair) && (pair.active === undefined || !isNotFinite(pair.active));
  const [bad, own] = [count(pairs, isBad), count(pairs, isOwn)];
  const n = count(pairs, ({ candidate }) => answered(candidate)) + bad;
  if (n === 0) return check("finite-answers", "insufficient", "no example was answered");
  const numbers = {
    n,
    value: bad,
    candidate: bad,
    ...(some(pairs, ({ active }) => active !== undefined)
      ? { active: count(pairs, ({ active }) => active !== undefined && isNotFinite(active)) }
      : {}),
    bound: 0,
  };
  const first = find(pairs, own > 0 ? isOwn : isBad);
  if (first === undefined)
    return check("finite-answers", "pass", `no NaN, infinity or null in ${n} answers`, numbers);
  const { flaw = "", said } = first.candidate;
  const alone = own > 0 ? `, ${own} of them on the candidate alone` : ", on the active slot as well";
  const reason = `${bad} of ${n} answers have ${flaw}${alone} (such as ${said})`;
  return check("finite-answers", own > 0 ? "fail" : "warn", reason, numbers);
}
