import { MODELS, SHOP } from "../scenario/support/shop.ts";

/** Of each slot with users. */
export const TASKS = 2;
/** Requests of each model in a virtual minute. */
export const REQUESTS_PER_MINUTE = 60;

/** Metrics are as CloudWatch has them: some late, some revised (docs/worst-day/simulation.md has the sources). */
export const CLOUD_FLAGS = ["--late-points", "late=0.05:120,revised=0.05:0.5:120"] as const;
/** The same with all of them three minutes late. */
export const LATE_FLAGS = [...CLOUD_FLAGS, "--publish-lag", "180"] as const;

const ROLLOUT = {
  steps: [10, 50, 100],
  bakeMinutes: 10,
  minRequests: 20,
  maxBlindSpots: [0.3, 0.1],
  advanceWhen: "blindSpot",
  deadlineMinutes: 90,
  retreatMinutes: 5,
  maxRetreats: 1,
  warmSeconds: 30,
  protect: false,
};
export const MEMORY_MIB = 512;
const SERVICE = {
  cpu: 256,
  memory: MEMORY_MIB,
  startupSeconds: 60,
  requestTimeoutSeconds: 10,
  drainSeconds: 10,
};
/** What a busy machine takes for an answer is no fault of a model; SLOW_MS of model.ts is. */
export const MAX_SLOW_RATE = 0.1;
const THRESHOLDS = { slowSeconds: 3, maxSlowRate: MAX_SLOW_RATE, minRequestsPerMinute: 5 };
/** As docs/signals/signals.md has it. */
const SIGNALS = [{ name: "refused", source: { from: "log", numerator: "Refused", denominator: "Answers" } }];
const SUITE = { latencyMargin: 100, latencySight: 100 };
/** What runs before the first release; a good one. */
export const FIRST = "first";

/** The stack's configuration, as a person's stack file has it. */
export const CONFIG: Readonly<Record<string, unknown>> = {
  [`${SHOP}:service`]: SERVICE,
  [`${SHOP}:rollout`]: ROLLOUT,
  ...Object.fromEntries(
    MODELS.flatMap((model) => [
      [`${model}:thresholds`, THRESHOLDS],
      [`${model}:signals`, SIGNALS],
      [`${model}:suite`, SUITE],
    ]),
  ),
};
