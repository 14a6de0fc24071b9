import { decimal, integer, list, text, textOr, type ValuesOf } from "./field.ts";
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

/** Names of all checks, as reports, evidence and `suite.waive` have them. */
export const SUITE_CHECKS = [
  ...CONDUCT_CHECKS,
  ...ALONE_CHECKS,
  ...BESIDE_CHECKS,
  ...BEHAVIOUR_CHECKS,
] as const;

/** Rates and losses are fractions of the requests. What fails is proven beyond its margin; what passes is shown within its sight. */
export const suiteFields = {
  goldenSet: text(
    /^\S[^\0]{0,1023}$/,
    "a path, relative to the project",
    "File of one JSON object a line, `label` is the right prediction, all else the request; `test`, the synthetic load and the warming of a candidate ask with it. None: on the local cloud that of the example.",
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
  waive: list(
    (raw) => SUITE_CHECKS.find((name) => name === raw),
    `a list of checks: ${SUITE_CHECKS.join(", ")}`,
    [],
    "Checks that are made and told, and keep no candidate from passing; the release says which, and so does its approval.",
  ),
  ...behaviourFields,
} as const;

export type SuitePolicy = ValuesOf<typeof suiteFields>;
