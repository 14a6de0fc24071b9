import { describe, expect, it } from "vitest";
import { answersOf } from "../../../../validation/core/comparison/answers.ts";
import type { ComparisonData, RawCounts, RawMinute } from "../../../../validation/core/comparison/data.ts";
import { added, metricsOf } from "../../../../validation/core/comparison/metrics.ts";
import { MINUTE, pairOf, raw } from "./support.ts";

const minute = (
  index: number,
  candidate: Partial<RawCounts>,
  active: Partial<RawCounts> = {},
): RawMinute => ({
  atMs: index * MINUTE,
  candidate: raw({ requests: 100, ...candidate }),
  active: raw({ requests: 200, ...active }),
});
const some = (count: number, own: Partial<RawCounts> = {}) =>
  Array.from({ length: count }, (_, index) => minute(index, own));
const slowAt = (...quantiles: readonly number[]) =>
  quantiles.map((quantile) => ({ quantile, seconds: 0.2, samples: 1000 }));
const custom = (...names: readonly string[]) =>
  names.map((name) => ({ name, namespace: "Mine", metricName: name, dimensions: { Slot: "{slot}" } }));

type Settings = Parameters<typeof metricsOf>[2];
const found = (
  minutes: readonly RawMinute[],
  own: Partial<ComparisonData> = {},
  settings: Partial<Settings> = {},
) => {
  const built = metricsOf(pairOf(minutes, own), minutes, {
    sticky: false,
    compareClientErrors: true,
    warmupMinutes: 0,
    finalUntilMs: Number.POSITIVE_INFINITY,
    ...settings,
  });
  const named = (name: string) => {
    const metric = built.metrics.find((one) => one.name === name);
    if (metric === undefined) throw new Error(`no metric ${name}`);
    return metric;
  };
  return { ...built, named, names: built.metrics.map(({ name }) => name) };
};
/** No minute has all its answers yet. */
const NOT_FINAL = { finalUntilMs: 0 };

describe("what is compared of a pair", () => {
  it("are failures, each quantile of latency, answers that refuse, and what the stack counts itself", () => {
    const data = { slowThresholds: slowAt(0.9, 0.99), customMetrics: custom("wrong", "unsure") };
    expect(found(some(1), data).metrics).toMatchObject([
      { name: "failed", kind: "failed", isDoubtOnly: false },
      { name: "slow-p90", kind: "slow", isDoubtOnly: false },
      { name: "slow-p99", kind: "slow", isDoubtOnly: false },
      { name: "client-errors", kind: "client", isDoubtOnly: false },
      { name: "wrong", kind: "custom", isDoubtOnly: false },
      { name: "unsure", kind: "custom", isDoubtOnly: false },
    ]);
  });

  it("leaves out answers that refuse where the policy says so, and where nobody kept the classes of answers", () => {
    expect(found(some(1), {}, { compareClientErrors: false }).names).toEqual(["failed"]);
    expect(found(some(1), { isWithoutClasses: true }).names).toEqual(["failed"]);
  });

  it("only doubts for refused requests where users choose their slot: they can send it what it has to refuse", () => {
    const { named } = found(some(1), {}, { sticky: true });
    expect(named("client-errors").isDoubtOnly).toBe(true);
    expect(named("failed").isDoubtOnly).toBe(false);
  });

  it("counts late answers among those that were timed, each quantile its own, and custom events among requests", () => {
    const { named } = found([minute(0, { timed: 90, slow: [9], custom: [4] })], {
      slowThresholds: slowAt(0.9, 0.99),
      customMetrics: custom("wrong", "unsure"),
    });
    expect(named("slow-p90").minutes[0]?.candidate).toEqual({ exposure: 90, events: 9 });
    expect(named("slow-p99").minutes[0]?.candidate).toEqual({ exposure: 90, events: 0 });
    expect(named("wrong").minutes[0]?.candidate).toEqual({ exposure: 100, events: 4 });
    expect(named("unsure").minutes[0]?.candidate).toEqual({ exposure: 100, events: 0 });
  });
});

describe("a request that may still be answered", () => {
  const waiting = [minute(0, { answered: 93, errors: 1 }, { answered: 190 })];

  it("is no failure and proves nothing, on either slot", () => {
    expect(found(waiting, {}, NOT_FINAL).named("failed").minutes[0]).toMatchObject({
      candidate: { exposure: 94, events: 1 },
      active: { exposure: 190, events: 0 },
    });
    expect(found(waiting).named("failed").minutes[0]).toMatchObject({
      candidate: { exposure: 100, events: 7 },
      active: { exposure: 200, events: 10 },
    });
  });

  it("takes nothing from what is counted among answers, or by the stack itself", () => {
    const data = { slowThresholds: slowAt(0.9), customMetrics: custom("wrong") };
    const { metrics, unreadable } = found(waiting, data, NOT_FINAL);
    expect(unreadable).toEqual([]);
    expect(metrics.slice(1).map(({ minutes }) => minutes[0]?.candidate)).toEqual([
      { exposure: 100, events: 0 },
      { exposure: 94, events: 0 },
      { exposure: 100, events: 0 },
    ]);
  });

  it("counts as nothing where users choose their slot: they could leave requests there without waiting", () => {
    const { named } = found(waiting, {}, { ...NOT_FINAL, sticky: true });
    expect(named("failed").minutes[0]?.candidate).toEqual({ exposure: 94, events: 1 });
  });

  it.each([
    ["five of a hundred on the candidate", { answered: 95 }, {}, false],
    ["six of a hundred on the candidate", { answered: 94 }, {}, true],
    ["ten of two hundred on the active slot", {}, { answered: 190 }, false],
    ["eleven of two hundred on the active slot", {}, { answered: 189 }, true],
  ])("makes a minute prove nothing when there are many: %s", (_many, candidate, active, isUnclear) => {
    const minutes = [minute(0, {}), minute(1, candidate, active)];
    expect([...found(minutes, {}, NOT_FINAL).proveNothing]).toEqual(isUnclear ? [MINUTE] : []);
    expect(found(minutes).proveNothing.size).toBe(0);
  });
});

describe("minutes that are left out", () => {
  it("are named in the order of time, whichever metric contradicts itself, by too many events or by less than none", () => {
    const minutes = [
      minute(0, { custom: [0] }),
      minute(1, { custom: [-1] }),
      minute(2, { custom: [0] }, { custom: [201] }),
      minute(3, { custom: [0], answered: 0, errors: 101 }),
    ];
    const { unreadable, named } = found(minutes, { customMetrics: custom("wrong") });
    expect(unreadable).toEqual([1, 2, 3].map((at) => at * MINUTE));
    expect(named("wrong").minutes.map(({ atMs }) => atMs)).toEqual([0, 3 * MINUTE]);
    expect(named("failed").minutes.map(({ atMs }) => atMs)).toEqual([0, 1, 2].map((at) => at * MINUTE));
  });

  it("are no contradiction where all requests failed, or none did", () => {
    const { unreadable } = found([minute(0, { answered: 0, errors: 100 }), minute(1, {})]);
    expect(unreadable).toEqual([]);
  });

  const latencyIn = (candidate: Partial<RawCounts>, active: Partial<RawCounts>) => {
    const { named, unevenMinutes } = found([minute(0, candidate, active)], { slowThresholds: slowAt(0.9) });
    return [named("slow-p90").minutes.length, unevenMinutes];
  };
  it.each([
    ["of a quarter more requests a task", { requests: 250 }, { requests: 200 }, 1],
    ["of more than that", { requests: 252 }, { requests: 200 }, 0],
    ["of more requests on as many more tasks", { requests: 300, healthy: 3 }, { requests: 200 }, 1],
    ["in which the active slot had no healthy task", {}, { healthy: 0 }, 0],
  ])("for latency are none %s: %j beside %j", (_when, candidate, active, compared) => {
    expect(latencyIn(candidate, active)).toEqual([compared, 1 - compared]);
  });

  it("are not told of for latency where none is compared", () => {
    expect(found([minute(0, { requests: 900 })]).unevenMinutes).toBe(0);
  });

  it("for latency are those in which the candidate warms up, and for nothing else", () => {
    const { named } = found(some(5), { slowThresholds: slowAt(0.9) }, { warmupMinutes: 3 });
    expect(named("slow-p90").minutes.map(({ atMs }) => atMs)).toEqual([3 * MINUTE, 4 * MINUTE]);
    expect(named("failed").minutes).toHaveLength(5);
  });
});

describe("how the events of a metric cluster", () => {
  const HISTORY = 240;
  const zone = (of: (at: number) => Partial<RawCounts>) =>
    Array.from({ length: HISTORY }, (_, at) => raw({ requests: 100, ...of(at) }));

  it("is taken from the active slot's zones where each has its own counts", () => {
    const each = zone(() => ({ answered: 97, errors: 1, refusals: 2, slow: [3] }));
    const data = { zones: [each, each], historyMinutes: HISTORY, slowThresholds: slowAt(0.9) };
    const { named } = found(some(1), data);
    expect(named("failed").dispersion.events).toBe(2 * 3 * HISTORY);
    expect(named("client-errors").dispersion.events).toBe(2 * 2 * HISTORY);
    expect(named("slow-p90").dispersion.events).toBe(2 * 3 * HISTORY);
  });

  it("is taken from the slot as a whole for what no zone counts: a load that rises in one zone is no cluster", () => {
    const busy = (at: number) => at % 2 === 1;
    // The stack counts for the slot: its sum stands in both zones.
    const sums = (at: number) => ({ custom: [busy(at) ? 20 : 2] });
    const zones = [zone(sums), zone((at) => ({ requests: busy(at) ? 1900 : 100, ...sums(at) }))];
    const { named } = found(some(1), { zones, historyMinutes: HISTORY, customMetrics: custom("wrong") });
    expect(named("wrong").dispersion).toMatchObject({ phi: 1, assumed: false, events: 11 * HISTORY });
  });

  it("is the one that was found before, where the counts are kept ones", () => {
    const kept = { phi: 7, bounded: 6, assumed: false, events: 900, minutes: 300 };
    const { named } = found(some(1), { dispersions: new Map([["failed", kept]]) });
    expect(named("failed").dispersion).toEqual(kept);
    expect(named("client-errors").dispersion.assumed).toBe(true);
  });
});

it("a minute in which a zone of the active slot fails far more than usual proves nothing, and those before the release are not told of", () => {
  const HISTORY = 600;
  const zone = (bad: readonly number[]) =>
    Array.from({ length: HISTORY + 20 }, (_, at) => {
      const errors = bad.includes(at) ? 60 : at % 2;
      return raw({ requests: 200, answered: 200 - errors, errors });
    });
  const data = {
    zones: [zone([]), zone([300, HISTORY + 10])],
    zonesFromMs: -HISTORY * MINUTE,
    historyMinutes: HISTORY,
  };
  const { proveNothing } = found(some(20), data);
  const told = [...proveNothing].map((atMs) => atMs / MINUTE);
  // One bad minute makes the five around it suspect.
  expect(told).toContain(10);
  expect(told.every((at) => at >= 6 && at <= 14)).toBe(true);
});

describe("the counts of many minutes together", () => {
  const two = [
    raw({ requests: 10, answered: 9, redirects: 2, refusals: 3, errors: 1, refused: 1, timed: 10, late: 4 }),
    raw({ requests: 20, answered: 15, redirects: 1, refusals: 2, errors: 5, refused: 3, timed: 19, late: 1 }),
  ];

  it("are the sums of each", () => {
    const sums = { requests: 30, answered: 24, redirects: 3, refusals: 5, errors: 6, refused: 4, timed: 29 };
    expect(added(two)).toMatchObject({ ...sums, late: 5 });
  });

  it("show for each slot how many answers of each class there were", () => {
    const minutes = two.map((candidate, at) => ({ atMs: at * MINUTE, candidate, active: raw() }));
    expect(answersOf(minutes)).toEqual({
      candidate: { "2xx": 16, "3xx": 3, "4xx": 5, "5xx": 6 },
      active: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
    });
  });
});
