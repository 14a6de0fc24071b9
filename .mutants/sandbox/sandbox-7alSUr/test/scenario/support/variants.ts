/**
 * What is meant to stop each faulty image of the example before it has a single user: the checks of `test`, or
 * `deploy` itself. The stories prove it; test/examples/images-local.test.ts holds that no fault is missing.
 */
export const STOPPED_BY_TEST = {
  "digits:2-preprocessing-mismatch": ["accuracy", "accuracy-vs-active", "missing-classes"],
  "digits:3-preprocessing-mismatch": ["accuracy", "accuracy-vs-active", "missing-classes"],
  "digits:3-flaky": ["failures", "failures-vs-active", "failures-under-load"],
  "digits:3-slow": ["latency-vs-active"],
} as const;

export const STOPPED_BY_DEPLOY = { "digits:3-crash": "BG140" } as const;

/** A faulty image, the good one that it is tested beside, and the check that is meant to stop it. */
export interface Faulty {
  readonly image: string;
  readonly beside: string;
  readonly check: string;
}

/** The same, for what is proven by `npm run bench:suite`, on golden sets with slices. */
export const STOPPED_BY_SUITE: readonly Faulty[] = [
  { image: "digits:3-less-accurate", beside: "digits:2", check: "accuracy-vs-active" },
  { image: "digits:3-classes-swapped", beside: "digits:2", check: "swapped-classes" },
  { image: "digits:3-constant", beside: "digits:2", check: "constant-answers" },
  { image: "digits:3-not-a-number", beside: "digits:2", check: "finite-answers" },
  { image: "digits:3-refusing", beside: "digits:2", check: "finite-answers" },
  { image: "digits:3-light-slice-worse", beside: "digits:1", check: "slice ink=light" },
  { image: "digits:3-other-version", beside: "digits:2", check: "version" },
  { image: "text:3-streams-cut", beside: "text:2", check: "streams-whole" },
  { image: "text:3-streams-cut-often", beside: "text:2", check: "streams-whole" },
  { image: "text:3-streams-stall", beside: "text:2", check: "streams-whole" },
  { image: "text:3-empty", beside: "text:2", check: "streams-whole" },
  { image: "text:3-slow-first-token", beside: "text:2", check: "first-token-vs-active" },
  { image: "text:3-slow-tokens", beside: "text:2", check: "token-gap-vs-active" },
  { image: "text:3-africa-wrong", beside: "text:2", check: "slice continent=Africa" },
  { image: "text:3-constant", beside: "text:2", check: "constant-answers" },
  { image: "regression:3-biased", beside: "regression:2", check: "bias-vs-active" },
  { image: "regression:3-blind", beside: "regression:2", check: "feature-sensitivity" },
  { image: "regression:3-slow-at-16", beside: "regression:2", check: "latency-batch-16-vs-active" },
];

/** Faults so small that no golden set of the examples shows them. */
export const FOUND_BY_LIVE_TRAFFIC: readonly string[] = ["digits:3-feature-ignored"];
