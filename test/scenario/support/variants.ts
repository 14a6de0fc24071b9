/**
 * What is meant to stop each faulty image of the example before it has a single user: the checks of `test`, or
 * `deploy` itself. The stories prove it; test/examples/images-local.test.ts holds that no fault is missing.
 */
export const STOPPED_BY_TEST = {
  "digits:2-preprocessing-mismatch": ["accuracy", "accuracy-vs-active", "missing-classes"],
  "digits:3-flaky": ["failures", "failures-vs-active", "failures-under-load"],
  "digits:3-slow": ["latency-vs-active"],
} as const;

export const STOPPED_BY_DEPLOY = { "digits:3-crash": "BG140" } as const;
