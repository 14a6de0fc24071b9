import { decimal, integer, isRecord, list, oneOf, optional, text, type Field } from "../config/field.ts";
import { AGENT_COUNTS, type AgentCount } from "./agent-counts.ts";
import { tellsSlots } from "./place.ts";
import { BETTER, RESOURCES, SIGNAL_ACTIONS, SIGNAL_KINDS } from "./signal.ts";

// CloudWatch API, Metric and Dimension: ASCII without control characters; names do not begin with a colon.
const NAMED = /^[!-9;-~][ -~]{0,254}$/;
const VALUE = /^(?=.*[!-~])[ -~]{1,1024}$/;
const MOST_DIMENSIONS = 30;

/** All values of one signal's segments together. */
export const MOST_SEGMENTS = 20;

const timeoutSeconds = integer(
  { min: 1, max: 60, unit: "seconds" },
  10,
  "How long it may take, in real seconds.",
);
const metricName = (meaning: string) =>
  text(NAMED, "a metric's name in ASCII, at most 255 characters", meaning);

/** Maps of texts that CloudWatch takes for dimensions and that tell blue from green. */
const dimensions: Field<Readonly<Record<string, string>> | undefined> = {
  type: "object",
  allowed:
    "at most 30 names and values in ASCII, `{slot}` or `{targetGroup}` in one of the values, and of other words in braces only `{stack}` and `{loadBalancer}`",
  default: undefined,
  meaning: "Dimensions of both metrics; words in braces stand for the slot's own.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const entries = Object.entries(raw).map(([name, value]) => [name, String(value)] as const);
    const areTexts = entries.every(([name, value]) => NAMED.test(name) && VALUE.test(value));
    const value = Object.fromEntries(entries);
    return areTexts && entries.length <= MOST_DIMENSIONS && tellsSlots(value) ? { value } : undefined;
  },
};

/** `pulumi config set --path` stores a bare number as a number and `true` as a boolean. */
const scalarText = (raw: unknown): string | undefined =>
  typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean" ? String(raw) : undefined;

const segments: Field<Readonly<Record<string, readonly string[]>>> = {
  type: "object",
  allowed: "names of dimensions, each with a list of different values, all in ASCII",
  default: {},
  meaning:
    "Values by dimension, like `{country: [DE, FR]}`, each compared by itself, too; at most 20 of all names together.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const value: Record<string, readonly string[]> = {};
    for (const [name, given] of Object.entries(raw)) {
      const texts = Array.isArray(given) ? given.map(scalarText) : [];
      const values = texts.filter((one) => one !== undefined && VALUE.test(one) && !one.includes("{"));
      const isWhole = values.length === texts.length && new Set(values).size === values.length;
      if (!NAMED.test(name) || name === "Stack" || name === "Slot" || !isWhole || values.length === 0)
        return undefined;
      value[name] = values.flatMap((one) => one ?? []);
    }
    return { value };
  },
};

const word = (raw: unknown) => (scalarText(raw) === "" ? undefined : scalarText(raw));

/** Everything of a signal but its source. */
export const signalFields = {
  name: text(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    "small letters, digits and hyphens, at most 63, beginning with a letter or digit",
    "Its name in verdicts and evidence.",
  ),
  kind: oneOf(
    SIGNAL_KINDS,
    "counts",
    "`counts`: events among their exposure. `losses`: a sum of losses from 0 (perfect) to 1 over their number. `scores`: numbers whose distribution is compared. Of resources always `losses`.",
  ),
  better: oneOf(
    BETTER,
    "lower",
    "Which way is good. `higher`, of counts: purchases, clicks; what is compared is how many did not. An experiment asks whether it gets better.",
  ),
  tolerance: optional(
    decimal(
      { above: 1, max: 10 },
      1.1,
      "So many times the active slot's rate is no harm yet; none: `rollout.tolerance`.",
    ),
  ),
  budget: decimal(
    { above: 0, max: 100 },
    1,
    "Its part of the error probability that client errors (1) and all signals share, in proportion to the others'.",
  ),
  action: optional(
    oneOf(
      SIGNAL_ACTIONS,
      "rollback",
      "What enough evidence does: ends the release, gives the users back, holds, or is only told; none: `rollback`, for scores `report`, for resources `hold`.",
    ),
  ),
  segments,
} as const;

// Object.keys is typed as string[]; the table is constant.
const AGENT_COUNT_NAMES = Object.keys(AGENT_COUNTS) as AgentCount[];

/** The fields of each source beside `from`. */
export const SOURCE_FIELDS = {
  cloudwatch: {
    namespace: text(
      NAMED,
      "a namespace of CloudWatch in ASCII, at most 255 characters",
      "Namespace of both metrics.",
    ),
    numerator: metricName("Metric whose sum is the events; of scores, the scores themselves."),
    denominator: metricName(
      "Metric whose sum is the exposure, or `requests`: the load balancer's count of the slot; none for scores.",
    ),
    dimensions,
  },
  log: {
    numerator: metricName(
      "Name in the embedded-metric lines of the model's container; of scores, the scores themselves.",
    ),
    denominator: metricName("The same of the exposure, in the same line; none for scores."),
  },
  agent: {
    count: optional(
      oneOf(
        AGENT_COUNT_NAMES,
        "cut-streams",
        "What the agent counts; what its shadow counts is judged before the first user, by `rollout.shadow`.",
      ),
    ),
  },
  labels: {
    labelAfterMinutes: optional(
      integer(
        { min: 1, max: 20_160, unit: "minutes" },
        60,
        "A minute counts so long after it ended, with the labels that have come by then.",
      ),
    ),
  },
  command: {
    command: list(
      word,
      "a program and its arguments",
      [],
      "Prints rows as lines of JSON; no shell reads it.",
    ),
    timeoutSeconds,
  },
  url: {
    url: text(
      /^https?:\/\/[^\s]+$/,
      "an address that begins with http:// or https://",
      "Answers GET with the same rows.",
    ),
    timeoutSeconds,
  },
  resources: {
    of: optional(oneOf(RESOURCES, "cpu", "What the tasks use, of what they may.")),
  },
} as const;
export type SourceName = keyof typeof SOURCE_FIELDS;
// As above.
export const SOURCE_NAMES = Object.keys(SOURCE_FIELDS) as SourceName[];
