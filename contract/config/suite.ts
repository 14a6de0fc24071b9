import { decimal, integer, list, oneOf, optional, text, textMap, textOr, type ValuesOf } from "./field.ts";
import { BEHAVIOUR_CHECKS, behaviourFields } from "./suite-behaviour.ts";

const PATH = /^\/[^\s?#]{0,1023}$/;

/** Whether a service keeps its contract. */
const CONDUCT_CHECKS = ["protocol", "health", "metadata", "version"] as const;
/** Those that ask its server for more than who it is. */
export const AFTER_PROTOCOL = ["health", "metadata", "version"] as const;
/** Checks of the candidate against absolute bounds. */
export const ALONE_CHECKS = ["failures", "accuracy", "malformed-input", "well-afterwards"] as const;
/** Checks of the candidate compared with the active slot. */
export const BESIDE_CHECKS = ["failures-vs-active", "accuracy-vs-active", "latency-vs-active"] as const;

/** What else is always asked of a candidate that answers, and of one that is compared. */
export const ASKED_ALONE = ["finite-answers", "answer-form", "failures-under-load", "repeatability"] as const;
export const ASKED_BESIDE = [
  "latency-batch-1-vs-active",
  "latency-burst-vs-active",
  "answers-under-load-vs-active",
  "latency-tail-vs-active",
  "feature-sensitivity",
  "perturbation",
  "large-body",
] as const;

/** Checks that depend on what a right answer is (`suite.task`). */
const TASK_CHECKS = [
  "scorer",
  "finite-answers",
  "answer-form",
  "gross-errors",
  "loss",
  "loss-vs-active",
  "bias-vs-active",
  "constant-answers",
  "missing-classes",
  "swapped-classes",
  "recall-vs-active",
] as const;

/** Names of all checks, as reports, evidence and `suite.waive` have them; those of slices are called after them. */
export const SUITE_CHECKS = [
  ...CONDUCT_CHECKS,
  ...ALONE_CHECKS,
  ...BESIDE_CHECKS,
  ...TASK_CHECKS,
  ...BEHAVIOUR_CHECKS,
] as const;

/** One of them, or the check of one slice of the golden set: `slice country=DE`. */
const WAIVABLE = new RegExp(`^(${SUITE_CHECKS.join("|")}|slice \\S[^\\0]*=[^\\0]*)$`);
/** A bare `true` is no reason. */
const REASON = /^(?!true$|false$|\d+$)\S[^\0\r\n]{0,499}$/;

export const TASKS = ["auto", "classification", "regression", "vector", "text"] as const;
export const MATCHES = [
  "exact",
  "normalised",
  "contains",
  "pattern",
  "number",
  "json-schema",
  "command",
] as const;

/** A word of a command, or the name of a class; `pulumi config set --path` stores a bare number as a number. */
const WORD = { type: "string", minLength: 1 } as const;
const word = (raw: unknown) => {
  const given = typeof raw === "number" ? String(raw) : raw;
  return typeof given === "string" && given !== "" && !given.includes("\0") ? given : undefined;
};

const FILE = /^\S[^\0]{0,1023}$/;

/** Rates and losses are fractions of the requests. What fails is proven beyond its margin; what passes is shown within its sight. */
export const suiteFields = {
  file: text(
    FILE,
    "a path, relative to the project, and no other key of `suite` beside it",
    "File of YAML or JSON with all other keys of `suite` (docs/serving/suite.md); `test` reads it anew each time, as it does the golden set. None: they stand in the stack.",
  ),
  goldenSet: text(
    FILE,
    "a path, relative to the project",
    "File of examples with their right answers, in one of the forms of docs/serving/suite.md (JSON lines, or CSV by its name); `test`, the synthetic load and the warming of a candidate ask with it. None: on the local cloud that of the example.",
  ),
  predictPath: textOr(PATH, "a path that starts with /", "/predict", "Path of predictions (POST)."),
  metadataPath: textOr(
    PATH,
    "a path that starts with /",
    "/metadata",
    "Path where the model describes itself (GET).",
  ),
  answerSeconds: decimal(
    { above: 0, max: 300, unit: "seconds" },
    5,
    "A request that is not answered within this time has failed.",
  ),
  measureSeconds: integer(
    { min: 1, max: 3600, unit: "seconds" },
    60,
    "After this time no further example of the golden set is asked.",
  ),
  maxFailureRate: decimal(
    { above: 0, max: 1 },
    0.05,
    "Greatest share of valid requests that a candidate may fail: no 200, no answer in time, or no prediction in it; null and what is no finite number are none.",
  ),
  minAccuracy: decimal({ above: 0, max: 1 }, 0.8, "Least share of right answers on the golden set."),
  accuracyMargin: decimal(
    { above: 0, max: 1 },
    0.02,
    "Share of right answers that a candidate may lose against the active slot; proven to lose more, it fails.",
  ),
  accuracySight: decimal(
    { above: 0, max: 1 },
    0.05,
    "A loss as great as this must be ruled out, or the golden set was insufficient.",
  ),
  latencyMargin: decimal(
    { above: 0, max: 100 },
    1.25,
    "Median ratio to the active slot's time that a candidate may take; proven to take more, it fails.",
  ),
  latencySight: decimal(
    { above: 0, max: 100 },
    1.5,
    "A ratio as great as this must be ruled out, or the measurement was insufficient.",
  ),
  task: oneOf(
    TASKS,
    "auto",
    "What a right answer is (docs/serving/suite.md). `auto`: by the labels of the golden set and the answers of the active slot.",
  ),
  classes: list(
    word,
    "a list of names",
    [],
    "Names of the classes, in the order of the scores that the model answers; none: their numbers from 0, or where the labels are names, these in the order of the alphabet.",
    WORD,
  ),
  absoluteTolerance: optional(
    decimal(
      { above: 0, max: 1e300 },
      0,
      "A number is right when it is no further from the label than this, and `relativeTolerance` of the label.",
    ),
  ),
  relativeTolerance: optional(
    decimal(
      { above: 0, max: 1 },
      0,
      "A number is right when it is no further from the label than this share of the label. Without a tolerance a regression is judged by its loss alone.",
    ),
  ),
  quantile: decimal(
    { above: 0, max: 1 },
    0.5,
    "The quantile that a regression predicts, for its quantile loss.",
  ),
  minCosine: decimal(
    { above: 0, max: 1 },
    0.99,
    "A vector is right when its cosine to the label is at least this.",
  ),
  match: oneOf(
    MATCHES,
    "exact",
    "When a text is right: the same; the same but for case and white space; it contains the label; it matches the label as a regular expression; its last number is the label; it is JSON as the label, a JSON schema, wants it; or as `scorer` says.",
  ),
  scorer: list(
    word,
    "a list of words, the program first",
    [],
    "Program for `match: command`, started without a shell: it reads a line of JSON `{id, input, label, answer}` an answer and prints a number from 0 to 1 for each; from 0.5 on an answer is right.",
    WORD,
  ),
  scorerSeconds: integer(
    { min: 1, max: 3600, unit: "seconds" },
    120,
    "The scorer is ended after this time, and nothing is judged by it.",
  ),
  maxLoss: decimal(
    { above: 0, max: 1 },
    0.6,
    "Greatest mean loss of a candidate; what a loss is, from 0 to 1, docs/serving/suite.md says for each task.",
  ),
  lossMargin: decimal(
    { above: 0, max: 1 },
    0.02,
    "Mean loss that a candidate may add to the active slot's; proven to add more, it fails.",
  ),
  lossSight: decimal(
    { above: 0, max: 1 },
    0.05,
    "An added loss as great as this must be ruled out, or the golden set was insufficient.",
  ),
  minSlice: integer(
    { min: 1, max: 1_000_000, unit: "examples" },
    30,
    "A slice of the golden set with fewer examples is not compared by itself.",
  ),
  waive: {
    ...textMap(
      WAIVABLE,
      `a map from checks to why each is let go, one line of text: ${SUITE_CHECKS.join(", ")}, or \`slice <name>=<value>\``,
      "Checks that are made and told, and keep no candidate from passing, each with the reason; the release says which and why, and so does its approval.",
      REASON,
    ),
    schema: {
      type: "object",
      propertyNames: { pattern: WAIVABLE.source },
      additionalProperties: { type: "string", pattern: REASON.source },
    },
  },
  ...behaviourFields,
} as const;

export type SuitePolicy = ValuesOf<typeof suiteFields>;
