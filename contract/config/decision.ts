import { decimal, flag, integer, list, matching, oneOf, orAuto } from "./field.ts";

const share = decimal({ above: 0, max: 1 }, 1, "");
const ratio = decimal({ above: 1, max: 100 }, 2, "");

/** How a release is decided, as part of `rollout`. The defaults and why: docs/decision.md. */
export const decisionFields = {
  alpha: decimal(
    { above: 0, max: 0.2 },
    0.01,
    "Greatest probability that the comparison ever rolls back a candidate that is no worse than `tolerance` allows; one for the whole release, however often it is looked at.",
  ),
  tolerance: decimal(
    { above: 1, max: 10 },
    1.1,
    "So many times the active slot's rate of failures (or slow requests) is no harm yet.",
  ),
  advanceWhen: oneOf(
    ["blindSpot", "proven"],
    "proven",
    "What a step must show: that a worse candidate would have been rolled back by now (`maxBlindSpots`), or also that this one fails less than `provenRatios` times as often.",
  ),
  maxBlindSpots: list(
    (raw) => share.read(raw)?.value,
    "a list of numbers above 0, at most 1",
    [0.2, 0.1],
    "Per step, the last for all that follow: the share of failing requests that would have been rolled back by now with a probability of 80 % may be at most this.",
  ),
  provenRatios: orAuto(
    list(
      (raw) => ratio.read(raw)?.value,
      "a list of numbers above 1",
      [],
      "Per step, the last for all that follow: with `proven`, the candidate must fail less than so many times as often as the active slot. `auto`: the strictest of 10/5/2, 10/5/3 and 10/5/5 that takes at most `targetMinutes` at the last day's traffic; where not even that, a part of its requests in which it may fail, too.",
    ),
  ),
  targetMinutes: integer(
    { min: 1, max: 20_160, unit: "minutes" },
    180,
    "With `provenRatios: auto`: within this time a good candidate should be promoted.",
  ),
  beta: decimal(
    { above: 0, max: 0.2 },
    0.05,
    "With `proven`: greatest probability of ever calling a candidate proven that is not.",
  ),
  allowedSlowdown: decimal(
    { above: 0, max: 10 },
    0.25,
    "A candidate may answer so much later than the active slot (0.25: a quarter) before its requests count as slow in the comparison.",
  ),
  warmupMinutes: integer(
    { min: 0, max: 120, unit: "minutes" },
    10,
    "So long late answers are not compared after the candidate gets users from none, and at most twice an hour after it gets new tasks; failures are.",
  ),
  compareClientErrors: flag(
    true,
    "Whether answers that are neither 2xx nor 5xx are compared between the slots, too: up to three times the active slot's rate is no harm.",
  ),
  metricLagSeconds: integer(
    { min: 0, max: 900, unit: "seconds" },
    120,
    "A minute is counted when it ended at least so long ago and two checks agree on it, or after five minutes.",
  ),
  signalMetricsLimit: integer(
    { min: 0, max: 10_000, unit: "metrics" },
    200,
    "So many metrics of its own the stack may make for `signals` with the sources `log` and `agent`, and by `service.agent`; each is paid by the month.",
  ),
  dryRun: list(
    matching(/^[a-z0-9][a-z0-9-]{0,62}$/),
    "a list of names of gates",
    [],
    "Gates that are reported and decide nothing.",
  ),
} as const;
