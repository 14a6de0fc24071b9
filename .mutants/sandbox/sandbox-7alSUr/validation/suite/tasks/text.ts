import type { SuitePolicy } from "../../../contract/config/suite.ts";
import { every } from "../many/many.ts";
import { defineTask, type Mark } from "./define.ts";
import { fitsSchema } from "./json-schema.ts";
import { nameOf, numberOf } from "./values.ts";

/** From this score of `suite.scorer` on an answer is right. */
export const RIGHT_FROM = 0.5;

/** Texts: right is what `suite.match` says; with a scorer of the user's own, see `mark.ts`. */
export const definition = defineTask({
  name: "text",
  fits: (labels) => labels.length > 0 && every(labels, (label) => typeof label === "string"),
  open({ policy }) {
    const { match } = policy;
    const isRight = match === "command" ? () => false : MATCHERS[match];
    return {
      name: "text",
      judgesRight: true,
      ...(match === "command" ? { lossOf: "a score of 0" } : {}),
      mark: (value, label) => ({ right: isRight(value, label, policy) }),
      measures: () => ({}),
    };
  },
});

type Matcher = (value: unknown, label: unknown, policy: SuitePolicy) => boolean;

const MATCHERS: Readonly<Record<Exclude<SuitePolicy["match"], "command">, Matcher>> = {
  exact: (value, label) => JSON.stringify(value) === JSON.stringify(label),
  normalised: (value, label) => plain(value) === plain(label),
  contains: (value, label) => plain(value).includes(plain(label)),
  pattern: (value, label) => patternOf(label)?.test(textOf(value)) ?? false,
  number: (value, label, { absoluteTolerance = 0, relativeTolerance = 0 }) => {
    const [given, wanted] = [lastNumber(textOf(value)), numberOf(label) ?? lastNumber(textOf(label))];
    if (given === undefined || wanted === undefined) return false;
    return Math.abs(given - wanted) <= absoluteTolerance + relativeTolerance * Math.abs(wanted);
  },
  "json-schema": (value, label) => {
    const document = typeof value === "string" ? parsed(withoutFence(value)) : value;
    return document !== undefined && fitsSchema(document, typeof label === "string" ? parsed(label) : label);
  },
};

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : (nameOf(value) ?? JSON.stringify(value) ?? "");

/** Case and white space do not count, nor how Unicode spells the same character. */
const plain = (value: unknown) =>
  textOf(value).normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();

/** undefined: the label is no regular expression, and nothing matches it. */
function patternOf(label: unknown): RegExp | undefined {
  try {
    return new RegExp(textOf(label), "u");
  } catch {
    // What is wrong with it stands in `labelProblem`, which refuses it before anything is asked.
    return undefined;
  }
}

function lastNumber(text: string): number | undefined {
  const last = [...text.matchAll(/[-+]?\d[\d,]*(\.\d+)?([eE][-+]?\d+)?/g)].at(-1);
  return last === undefined ? undefined : numberOf(last[0].replaceAll(",", ""));
}

/** Chat models like to put JSON into a fence of Markdown. */
const withoutFence = (text: string) => /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1] ?? text;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: it fits no schema.
    return undefined;
  }
}

/** What keeps a label from being asked for; undefined: it is one. */
export function labelProblem(label: unknown, { match }: Pick<SuitePolicy, "match">): string | undefined {
  if (match === "pattern" && patternOf(label) === undefined) return "is no regular expression";
  const schema = typeof label === "string" ? parsed(label) : label;
  const isSchema = typeof schema === "boolean" || (typeof schema === "object" && schema !== null);
  if (match === "json-schema" && !isSchema) return "is no JSON schema";
  return undefined;
}

export const scoreMark = (score: number): Mark => ({ right: score >= RIGHT_FROM, loss: 1 - score });
