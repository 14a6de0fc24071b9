import { check, type Check } from "../check.ts";
import { digits, short } from "../finding.ts";
import type { Example } from "../golden.ts";
import { some, type Many } from "../many/many.ts";
import { answered, isNotFinite, type Pair, type Prediction, type Sides, type Speakers } from "../measure.ts";
import type { Task } from "../tasks/define.ts";
import { hasFraction, numberOf } from "../tasks/values.ts";
import { Profile } from "./profile.ts";
import { areProbabilities, isUnitVector, kindOf } from "./shape.ts";

/** What fewer answers have in common they may have by chance. */
const LEAST_ANSWERS = 20;
/** A class of which there are fewer has others beside it that are as rare, and that nobody has seen yet. */
const LEAST_OF_CLASS = 5;
/** So many times all that is known lies between a number and what is known, and it is of another unit. */
const FAR_OUTSIDE = 2;
const MOST_NAMED = 5;

/** Something that is so of every answer of the active slot. */
interface Rule {
  /** What is broken in this answer; undefined: nothing. */
  readonly broken: (one: Prediction) => string | undefined;
  /** Whether clients count on it, so that one answer without it is proof enough. */
  readonly counts: boolean;
  /** It is broken only when no answer keeps it. */
  readonly byAll?: boolean;
}

interface Broken {
  readonly rule: Rule;
  readonly words: string;
  count: number;
}

/**
 * Whether the candidate's answers have the form of the active slot's: what holds for each answer of the one is what its
 * clients count on. No chance is in it, as in `finite-answers`.
 */
export function answerForm(
  pairs: Many<Pair>,
  examples: Many<Example>,
  task: Task,
  { candidate, active }: Sides,
  speakers: Speakers,
): Check {
  const profile = new Profile();
  for (const [place, { active: one }] of pairs.entries()) {
    if (one === undefined || !answered(one)) continue;
    const label = examples.at(place)?.label;
    profile.answer(one);
    profile.label(label, task.categoryOf?.(label));
  }
  const isOneProtocol =
    active !== undefined && speakers[active].protocol.name === speakers[candidate].protocol.name;
  const { answers = [] } = speakers[candidate].protocol;
  const rules = [
    REFUSED,
    prediction(!some(pairs, (pair) => pair.active !== undefined && isEmpty(pair.active))),
    ...(profile.n < LEAST_ANSWERS ? [] : valueRules(profile, task)),
    ...(profile.n < LEAST_ANSWERS || !isOneProtocol ? [] : bodyRules(profile, answers)),
  ];
  const found = brokenIn(pairs, rules);
  const n = found.answers;
  if (n === 0) return check("answer-form", "insufficient", "no example was answered");
  const faults = found.broken.filter(({ rule }) => rule.counts);
  const numbers = { n, value: faults.reduce((sum, { count }) => sum + count, 0), bound: 0 };
  if (faults.length > 0) return check("answer-form", "fail", wordsOf(faults, n), numbers);
  if (found.broken.length > 0) return check("answer-form", "warn", wordsOf(found.broken, n), numbers);
  const like = active === undefined ? "have a prediction" : "have the form of the active slot's";
  return check("answer-form", "pass", `${n} answers ${like}`, numbers);
}

/** Each rule that is broken, with the first that breaks it. */
function brokenIn(pairs: Iterable<Pair>, rules: readonly Rule[]) {
  const broken = new Map<Rule, Broken>();
  let answers = 0;
  for (const { candidate: one } of pairs) {
    if (one.status !== 200 && one.isRefused !== true) continue;
    answers += 1;
    for (const rule of rules) {
      const words = rule.broken(one);
      if (words === undefined) continue;
      const before = broken.get(rule);
      if (before === undefined) broken.set(rule, { rule, words, count: 1 });
      else before.count += 1;
    }
  }
  const isBroken = ({ rule, count }: Broken) => rule.byAll !== true || count === answers;
  return { answers, broken: [...broken.values()].filter(isBroken) };
}

const wordsOf = (broken: readonly Broken[], n: number) => {
  const named = broken.slice(0, MOST_NAMED).map(({ words, count }) => `${count} of ${n} answers ${words}`);
  return broken.length > MOST_NAMED
    ? `${named.join("; ")}; and ${broken.length - MOST_NAMED} more`
    : named.join("; ");
};

const isEmpty = (one: Prediction) => one.status === 200 && one.flaw !== undefined && !isNotFinite(one);

/** A golden example is valid input: the active slot takes it. */
const REFUSED: Rule = {
  counts: true,
  broken: (one) =>
    one.isRefused === true && one.status !== 200
      ? `are refused each time that they are asked for (${one.said})`
      : undefined,
};

/** A 200 is the program's own word that it has answered: an error in it is read as an answer, or breaks its client. */
const prediction = (counts: boolean): Rule => ({
  counts,
  broken: (one) => (isEmpty(one) ? `are a 200 with ${one.flaw} (${one.said})` : undefined),
});

function valueRules(profile: Profile, task: Task): readonly Rule[] {
  const { n, low, high, labels } = profile;
  const rules: Rule[] = [];
  const add = (broken: (one: Prediction) => string | false, more: Partial<Rule> = {}) => {
    rules.push({
      counts: true,
      broken: (one) => (answered(one) ? broken(one) || undefined : undefined),
      ...more,
    });
  };
  if (profile.areProbabilities) {
    add(
      ({ value }) => !areProbabilities(value) && `are no probabilities that sum to 1 (${shownShort(value)})`,
    );
  }
  if (profile.areUnitVectors) {
    add(({ value }) => !isUnitVector(value) && `are vectors of another length than 1 (${shownShort(value)})`);
  }
  if (profile.fractions > 0.9 * n && profile.fractionLabels > 0.5 * labels) {
    add(({ value }) => !hasFraction(value) && "are whole numbers, and none is a fraction", { byAll: true });
  }
  if (profile.areClasses) {
    add(
      ({ category }) => {
        if (category === undefined) return "name no class";
        return !profile.isKnown(category) && `are a class that nobody knows (${shownShort(category)})`;
      },
      { counts: profile.rarest >= LEAST_OF_CLASS },
    );
  }
  const width = high - low;
  if (task.name === "regression" && width > 0) {
    const isFar = (value: number) => value < low - FAR_OUTSIDE * width || value > high + FAR_OUTSIDE * width;
    add(({ value }) => {
      const number = numberOf(value);
      return (
        number !== undefined &&
        isFar(number) &&
        `are far outside of ${digits(low)} to ${digits(high)} (${digits(number)})`
      );
    });
  }
  return rules;
}

/** Only within one protocol: who speaks another has other clients. */
function bodyRules(profile: Profile, counted: "all" | readonly string[]): readonly Rule[] {
  const { kinds, mediaTypes, members = new Set<string>() } = profile;
  const rules: Rule[] = [];
  const [kind] = kinds;
  if (kinds.size === 1 && kind !== undefined) {
    const broken = (one: Prediction) =>
      answered(one) && kindOf(one.value) !== kind
        ? `are ${kindOf(one.value)}, not ${kind} (${shownShort(one.value)})`
        : undefined;
    rules.push({ counts: true, broken });
  }
  const [mediaType = ""] = mediaTypes;
  if (mediaTypes.size === 1 && mediaType !== "") {
    const broken = ({ shape }: Prediction) =>
      shape !== undefined && shape.mediaType !== mediaType
        ? `are ${shape.mediaType ?? "nothing"}, not ${mediaType}`
        : undefined;
    rules.push({ counts: true, broken });
  }
  for (const member of members) {
    const broken = (one: Prediction) =>
      answered(one) && one.shape?.members?.includes(member) === false ? `have no ${member}` : undefined;
    rules.push({ counts: counted === "all" || counted.includes(member), broken });
  }
  return rules;
}

const shownShort = (value: unknown) => short(JSON.stringify(value) ?? "nothing");
