import { expect, test } from "vitest";
import type { Signal, SignalAction } from "../../contract/signals/signal.ts";
import {
  blindSpotOf,
  compareAndDoubt,
  type ComparedMetric,
  type TimedMinute,
} from "../../validation/core/comparison/compare.ts";
import type { MetricPart } from "../../validation/core/comparison/compared.ts";
import { proofOf } from "../../validation/core/comparison/proof.ts";
import { comparisonRecord } from "../../validation/core/comparison/record.ts";
import { poisson, randomOf, type Random } from "../../validation/core/planning/random.ts";
import { checkComparison } from "../../verify/comparison.ts";
import { checksOf } from "../../verify/differences.ts";
import { isObject } from "../../verify/read/json.ts";
import { courses } from "../../verify/weigh.ts";

const FROM_MS = Date.UTC(2026, 0, 5, 8);
const MINUTES = 90;

function minutesOf(
  random: Random,
  requests: number,
  rates: readonly [number, number],
): readonly TimedMinute[] {
  return Array.from({ length: MINUTES }, (_, at) => {
    const count = (mean: number, rate: number) => {
      const exposure = poisson(random, mean);
      return { exposure, events: Math.min(exposure, poisson(random, mean * rate)) };
    };
    return {
      atMs: FROM_MS + at * 60_000,
      candidate: count(requests * 0.1, rates[0]),
      active: count(requests * 0.9, rates[1]),
    };
  }).filter((_, at) => at % 17 !== 3);
}

const dispersion = (random: Random) => {
  const bounded = 1 + 2 * random();
  return { bounded, phi: bounded + 2 * random(), assumed: false, events: 60, minutes: 40 };
};

function signal(name: string, action: SignalAction, kind: Signal["kind"], tolerance?: number): Signal {
  const source = { from: "log", numerator: "wrong", denominator: "all" } as const;
  return {
    name,
    kind,
    action,
    budget: 0.5,
    ...(tolerance === undefined ? {} : { tolerance }),
    source,
    // What else a signal has is of no weight here.
  } as Signal;
}

/** Metrics of all kinds, with what is built in first. */
function metricsOf(random: Random, harm: number): readonly ComparedMetric[] {
  const minutes = (requests: number, rate: number) => minutesOf(random, requests, [rate * harm, rate]);
  const built = (name: string, kind: ComparedMetric["kind"], rate: number): ComparedMetric => ({
    name,
    kind,
    minutes: minutes(600, rate),
    dispersion: dispersion(random),
  });
  const parts = (names: readonly string[], weight: number): readonly MetricPart[] =>
    names.map((name) => ({ name, weight, minutes: minutes(60, 0.1) }));
  const own = (definition: Signal, held?: string): ComparedMetric => {
    const all = minutes(300, 0.05);
    const whole = { name: undefined, weight: 1 / 2, minutes: all };
    const segments =
      definition.name === "wrong" ? [whole, ...parts(["country=DE", "country=FR"], 1 / 4)] : undefined;
    const tenths = parts(
      Array.from({ length: 10 }, (_, at) => `tenth ${at + 1}`),
      1 / 10,
    );
    const own = definition.kind === "scores" ? tenths : segments;
    return {
      name: definition.name,
      kind: "signal",
      minutes: all,
      ...(own === undefined ? {} : { parts: own }),
      dispersion: dispersion(random),
      signal: { definition, held, unreadable: [], note: undefined },
    };
  };
  return [
    built("failed", "failed", 0.01),
    built("slow-p90", "slow", 0.1),
    built("slow-p99", "slow", 0.01),
    built("client-errors", "client", 0.02),
    built("own", "custom", 0.02),
    own(signal("wrong", "rollback", "counts", 1.2)),
    own(signal("unsure", "retreat", "losses")),
    own(signal("scores", "hold", "scores")),
    own(signal("told", "report", "counts")),
    own(signal("silent", "rollback", "counts"), "its source says nothing"),
  ];
}

test("comes to what the decision core comes to, over metrics of all kinds, attempts, sticky users and harm of all sizes", () => {
  let crossed = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const random = randomOf(seed);
    const sticky = seed % 3 === 0;
    const all = metricsOf(random, 1 + (seed % 5)).map((metric) =>
      metric.kind === "client" ? { ...metric, isDoubtOnly: sticky } : metric,
    );
    const settings = { alpha: 0.01, tolerance: 1.1, attempt: 1 + (seed % 4) };
    const [stepSinceMs, splitSinceMs] = [FROM_MS + 40 * 60_000, FROM_MS + (seed % 2) * 30 * 60_000];
    const [failed] = all;
    if (failed === undefined) throw new Error("there are metrics");
    const proveNothing = failed.minutes.flatMap(({ atMs }, at) => (at % 11 === 5 ? [atMs] : []));
    const proving = { ...failed, minutes: failed.minutes.filter(({ atMs }) => !proveNothing.includes(atMs)) };
    const { comparison, doubt } = compareAndDoubt(all, settings, { sticky, sinceMs: splitSinceMs });
    const bounds = { ratio: 5, rate: seed % 2 === 0 ? 0.05 : undefined };
    const steps = { beta: 0.05, steps: [10, 100], visits: 1 };
    const record = comparisonRecord({
      ...comparison,
      settings,
      doubt,
      share: 10,
      stepSinceMs,
      splitSinceMs,
      sticky,
      proveNothing,
      slowThresholds: [],
      stepMinutes: failed.minutes.filter(({ atMs }) => atMs >= stepSinceMs).length,
      blindSpot: blindSpotOf(proving, stepSinceMs, settings),
      maxBlindSpot: 1,
      missing: undefined,
      proof: proofOf(proving, stepSinceMs, bounds, steps),
      schedule: undefined,
      sampleRatio: undefined,
      excess: {},
      silence: undefined,
      answers: undefined,
      clientErrors: undefined,
      unreadable: [],
      unevenMinutes: 0,
      counts: [failed, ...all.slice(1)],
    });
    const told: unknown = JSON.parse(JSON.stringify(record));
    const checks = checksOf(() => seed);
    if (isObject(told)) checkComparison(told, checks, courses());
    expect(checks.differences).toEqual([]);
    expect(checks.count()).toBeGreaterThan(150);
    crossed += record.crossing === undefined ? 0 : 1;
  }
  expect(crossed).toBeGreaterThan(2);
  expect(crossed).toBeLessThan(12);
});
