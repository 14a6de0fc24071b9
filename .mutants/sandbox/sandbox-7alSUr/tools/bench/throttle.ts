/**
 * `npm run bench:throttle`: so many stacks of one account, each in the middle of a release, one step a minute each,
 * with AWS's limits on the rate of calls in force. First spread over the minute, as rollouts are; then all in the
 * same second, as schedules are. The steps, the adapters, the load balancers and the alarms are the real ones; see
 * throttle/account.ts for what is light. Counted are calls, datapoints and dollars, each of the first check of a rollout
 * and of a later one. Ends with 1 when a step was lost or ended oddly, when steps needed more than nine calls, or when
 * the stacks together ask for more datapoints a second than CloudWatch gives an account.
 */
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { apiRates } from "../../packages/local-cloud/access/rates.ts";
import { AwsError } from "../../packages/local-cloud/aws-api/errors.ts";
import type { Guard } from "../../packages/local-cloud/aws-api/guard.ts";
import { runningClock } from "../../packages/local-cloud/clock.ts";
import { TEST_KEYS } from "../../test/support/local-keys.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { systemClock } from "../../validation/adapters/clock.ts";
import { PRICES } from "../../validation/insight/cost/prices.ts";
import type { CheckMemory } from "../../validation/rollout/observe.ts";
import type { Metrics } from "../../validation/measures.ts";
import type { Context, Reporter } from "../../validation/ports.ts";
import { step } from "../../validation/rollout/step.ts";
import { openAccount, type Account, type BenchStack } from "./throttle/account.ts";

const MOST_CALLS = 9;
const MINUTE_MS = 60_000;
/**
 * CloudWatch service quotas, GetMetricData: 180,000 datapoints a second when the begin is at most three hours ago,
 * 90,000 beyond; estimated from the time range and the period that are asked for.
 */
const DATAPOINTS_A_SECOND = { recent: 180_000, older: 90_000 } as const;

const { values: flags } = parseArgs({
  options: {
    stacks: { type: "string", default: "100" },
    minutes: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
  },
});

interface Counts {
  readonly answered: Map<string, number>;
  throttled: number;
}
const counts: Counts = { answered: new Map(), throttled: 0 };

/** What one check asked GetMetricData for. */
interface Asked {
  metrics: number;
  /** Estimated as AWS does it; of begins up to three hours ago, and before. */
  recent: number;
  older: number;
}

/** The real adapter, counted. */
function countingMetrics(metrics: Metrics, asked: Asked): Metrics {
  return {
    read(requests, fromMs, toMs) {
      const age = Date.now() - fromMs <= 180 * MINUTE_MS ? "recent" : "older";
      for (const { queries, periodSeconds } of requests) {
        const count = queries.filter((query) => !("expression" in query)).length;
        asked.metrics += count;
        asked[age] += (count * (toMs - fromMs)) / (periodSeconds * 1000);
      }
      return metrics.read(requests, fromMs, toMs);
    },
  };
}

/** AWS's rates, with every call counted: the answered ones by operation, the throttled ones in all. */
function counting(): Guard {
  const limit = apiRates(Date.now);
  return async (call) => {
    try {
      await limit(call);
    } catch (error) {
      if (error instanceof AwsError) counts.throttled += 1;
      throw error;
    }
    counts.answered.set(call.operation, (counts.answered.get(call.operation) ?? 0) + 1);
  };
}

interface Taken {
  readonly seconds: number;
  readonly asked: Asked;
  /** What could not be seen because AWS throttled it; empty: all was seen. */
  readonly lost: readonly string[];
  /** How it ended, if not with a verdict on the share: something else went wrong, and the figures are in doubt. */
  readonly odd: string | undefined;
}

function contextOf(
  { url, region }: Account,
  { name, deployedSince }: BenchStack,
  report: Reporter,
  asked: Asked,
): Context {
  const nothing = async () => {
    throw new Error("a step in the middle of a bake writes nothing");
  };
  const deployed = deployedSince(liveSinceMs);
  const ports = awsPorts({ region, endpoint: url, credentials: TEST_KEYS });
  return {
    project: "bench",
    stack: name,
    owner: "bench",
    takeForce: () => false,
    logsOf: async () => "",
    lastLines: async () => [],
    clock: systemClock(),
    store: {
      models: async () => ["bench"],
      deployed: async () => deployed,
      apply: nothing,
      breakLock: nothing,
      alone: async () => undefined,
      lockHolder: async () => undefined,
      follow: async () => [],
      checkout: nothing,
      updates: async () => [],
      sync: nothing,
    },
    customGates: { ask: nothing },
    signalRows: { read: nothing },
    memo: { read: async () => undefined, write: async () => {} },
    labels: () => {
      throw new Error("no signal reads labels here");
    },
    reporter: report,
    ...ports,
    metrics: countingMetrics(ports.metrics, asked),
  };
}

/** Of nothing nothing is lost: that would pass. */
function wholeNumber(flag: "stacks" | "minutes"): number {
  const value = Number(flags[flag]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${flag} takes a whole number from 1`);
}

/** One step; what it could not read stands in the answers of its gates. */
async function takeStep(account: Account, stack: BenchStack, memory: CheckMemory): Promise<Taken> {
  const asked: Asked = { metrics: 0, recent: 0, older: 0 };
  const lost: string[] = [];
  const report: Reporter = {
    report(event) {
      const text = JSON.stringify(event);
      if (/Rate exceeded|Throttling/.test(text)) lost.push(text);
    },
  };
  const startMs = performance.now();
  const options = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined, memory };
  const outcome = await step(contextOf(account, stack, report, asked), options);
  const ended = `${outcome.situation}, ${outcome.verdict?.kind ?? "no verdict"}: ${outcome.sentence}`;
  if (/Rate exceeded|Throttling/.test(ended)) lost.push(ended);
  const fine = outcome.situation === "sharing" && outcome.verdict?.kind !== "rollback";
  return {
    seconds: (performance.now() - startMs) / 1000,
    asked,
    lost,
    odd: fine || lost.length > 0 ? undefined : ended,
  };
}

async function measure(account: Account, minutes: number, startMsOf: (index: number) => number) {
  counts.answered.clear();
  counts.throttled = 0;
  const byStack = await Promise.all(
    account.stacks.map((stack, index) => {
      // As in a rollout: one process with one memory checks once a minute.
      const memory: CheckMemory = {};
      return Promise.all(
        Array.from({ length: minutes }, async (_, minute) => {
          await delay(minute * MINUTE_MS + startMsOf(index));
          return takeStep(account, stack, memory);
        }),
      );
    }),
  );
  const steps = byStack.flat();
  const seconds = steps.map((taken) => taken.seconds).toSorted((a, b) => a - b);
  const at = (share: number) => Number((seconds[Math.floor((seconds.length - 1) * share)] ?? 0).toFixed(2));
  const perStep = [...counts.answered].map(([operation, calls]) => [operation, calls / steps.length]);
  return {
    steps: steps.length,
    lost: steps.filter(({ lost }) => lost.length > 0).length,
    firstLost: steps.flatMap(({ lost }) => lost)[0],
    odd: steps.filter(({ odd }) => odd !== undefined).length,
    firstOdd: steps.find(({ odd }) => odd !== undefined)?.odd,
    callsPerStep: [...counts.answered.values()].reduce((sum, calls) => sum + calls, 0) / steps.length,
    perStep: Object.fromEntries(perStep),
    throttled: counts.throttled,
    firstLook: meanOf(byStack.flatMap((taken) => taken.slice(0, 1))),
    laterLook: meanOf(byStack.flatMap((taken) => taken.slice(1))),
    quotaShare: quotaShareOf(byStack),
    seconds: { median: at(0.5), p95: at(0.95), longest: at(1) },
  };
}

/** Of one check, on average. */
function meanOf(taken: readonly Taken[]) {
  const mean = (of: (asked: Asked) => number) =>
    taken.length === 0 ? 0 : taken.reduce((sum, { asked }) => sum + of(asked), 0) / taken.length;
  const metrics = mean((asked) => asked.metrics);
  const datapoints = mean(({ recent, older }) => recent + older);
  // DescribeAlarms and PutMetricData are the other two calls that are paid.
  const usd = (metrics * PRICES.metricsRead.usd + 2 * PRICES.apiRequests.usd) / 1000;
  return { metrics, datapoints: Math.round(datapoints), usd: Number(usd.toFixed(6)) };
}

/** What of an account's datapoints all of them take, spread over a minute: when they begin, and from then on. */
function quotaShareOf(byStack: readonly (readonly Taken[])[]) {
  const shareOf = (minute: number) => {
    const taken = byStack.flatMap((one) => one[minute] ?? []);
    return taken.reduce(
      (sum, { asked }) =>
        sum + asked.recent / DATAPOINTS_A_SECOND.recent / 60 + asked.older / DATAPOINTS_A_SECOND.older / 60,
      0,
    );
  };
  return { first: Number(shareOf(0).toFixed(4)), later: Number(shareOf(1).toFixed(4)) };
}

const count = wholeNumber("stacks");
const minutes = wholeNumber("minutes");
const clock = runningClock({ virtualMs: Date.now(), realMs: Date.now(), speed: 1 });
const account = await openAccount(count, clock, counting());
// Whole minutes after the last target has become healthy: nobody shares with targets that are not there yet.
const healthyMs = Date.now() + 60_000;
const liveSinceMs = Math.ceil(healthyMs / MINUTE_MS) * MINUTE_MS;
try {
  await delay(liveSinceMs + MINUTE_MS + 5_000 - Date.now());
  const spread = await measure(account, minutes, (index) => (index / count) * MINUTE_MS);
  const sameSecond = await measure(account, minutes, () => 0);
  const result = { stacks: count, minutes, spread, sameSecond };
  console.log(flags.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));
  const failed = [spread, sameSecond].some(
    ({ lost, odd, callsPerStep, quotaShare }) =>
      lost + odd > 0 || callsPerStep > MOST_CALLS || Math.max(quotaShare.first, quotaShare.later) > 1,
  );
  process.exitCode = failed ? 1 : 0;
} finally {
  await account.close();
}
