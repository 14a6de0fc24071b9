/**
 * What is meant to stop each faulty image of the example before it has a single user: the checks of `test`, or
 * `deploy` itself. The stories prove it; test/examples/images-local.test.ts holds that no fault is missing.
 */
export const STOPPED_BY_TEST = {
  "digits:2-preprocessing-mismatch": ["accuracy", "accuracy-vs-active"],
  "digits:3-flaky": ["failures", "failures-vs-active"],
  "digits:3-slow": ["latency-vs-active"],
} as const;

export const STOPPED_BY_DEPLOY = { "digits:3-crash": "BG140" } as const;

/** The same, for what is proven by `npm run bench:suite`: beside digits:1 or digits:2, on the golden set with slices. */
export const STOPPED_BY_SUITE = {
  "digits:3-less-accurate": { beside: "digits:2", check: "accuracy-vs-active" },
  "digits:3-classes-swapped": { beside: "digits:2", check: "swapped-classes" },
  "digits:3-constant": { beside: "digits:2", check: "constant-answers" },
  "digits:3-not-a-number": { beside: "digits:2", check: "finite-answers" },
  "digits:3-light-slice-worse": { beside: "digits:1", check: "slice ink=light" },
  "digits:3-feature-ignored": { beside: "digits:2", check: "feature-sensitivity" },
  "digits:3-other-version": { beside: "digits:2", check: "version" },
} as const;
