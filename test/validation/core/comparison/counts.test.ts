import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remembered, settled, type RawMinute } from "../../../../validation/core/comparison/data.ts";
import { metricsOf } from "../../../../validation/core/comparison/metrics.ts";
import { sampleRatio } from "../../../../validation/core/comparison/sample-ratio.ts";
import { openRequests, unansweredOf } from "../../../../validation/core/comparison/unanswered.ts";
import { MINUTE, paired, pairOf, raw, repeated } from "./support.ts";

/** Every minute has all its answers. */
const FINAL = Number.POSITIVE_INFINITY;
const counts = (requests: number, answered: number, errors = 0) => ({ requests, answered, errors });

describe("requests without an answer", () => {
  it("are requests minus answers", () => {
    expect(unansweredOf([counts(10, 10), counts(10, 7), counts(10, 8, 2)])).toEqual([0, 3, 0]);
  });

  it("are none when the answer is counted a minute later", () => {
    expect(unansweredOf([counts(10, 6), counts(10, 14), counts(10, 10)])).toEqual([0, 0, 0]);
  });

  it("are never negative and never more in sum than the surplus at the end", () => {
    const minute = fc.record({ requests: fc.nat(50), answered: fc.nat(50), errors: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(minute, { maxLength: 40 }), (minutes) => {
        const found = unansweredOf(minutes);
        expect(found.every((value) => value >= 0)).toBe(true);
      }),
    );
  });
});

describe("a request without an answer in a minute that is not final", () => {
  const open = (balancerErrors: number | undefined, answered = 0) =>
    openRequests(
      [
        {
          atMs: 0,
          candidate: raw({ requests: 61, answered }),
          active: raw({ requests: 540 }),
          balancerErrors,
        },
      ],
      0,
    )[0];

  it("is no failure yet, because its answer may only be published later", () => {
    expect(open(undefined)).toEqual({ candidate: 61, active: 0 });
    expect(open(0)).toEqual({ candidate: 61, active: 0 });
  });

  it("is one as far as the load balancer's own errors account for it", () => {
    expect(open(12, 49)).toEqual({ candidate: 0, active: 0 });
    expect(open(2, 49)).toEqual({ candidate: 10, active: 0 });
  });

  it("shares what the load balancer counted between the slots, and pays the oldest minute first", () => {
    const both = {
      candidate: raw({ requests: 60, answered: 50 }),
      active: raw({ requests: 540, answered: 530 }),
    };
    const minutes = [
      { atMs: 0, ...both, balancerErrors: 0 },
      { atMs: MINUTE, ...both, balancerErrors: 21 },
    ];
    expect(openRequests(minutes, 0)).toEqual([
      { candidate: 0, active: 0 },
      { candidate: 10, active: 9 },
    ]);
    const half = [{ atMs: 0, ...both, balancerErrors: 10 }];
    expect(openRequests(half, 0)).toEqual([{ candidate: 5, active: 5 }]);
    expect(openRequests(minutes, 2 * MINUTE)).toEqual([
      { candidate: 0, active: 0 },
      { candidate: 0, active: 0 },
    ]);
  });
});

const rawMinute = (index: number, own: Partial<RawMinute> = {}): RawMinute => ({
  atMs: index * MINUTE,
  candidate: raw({ requests: 60 }),
  active: raw({ requests: 540 }),
  ...own,
});
const minutes = Array.from({ length: 10 }, (_, index) => rawMinute(index));
const readOf = (some: readonly RawMinute[], atMs = 0) => remembered(some, atMs);

describe("a minute", () => {
  const at = { nowMs: 10 * MINUTE, lagSeconds: 120, sticky: false };

  it("counts after five minutes, whoever read it", () => {
    expect(settled(minutes, at, new Map())).toHaveLength(5);
  });

  it("counts after the lag when an earlier look read the same", () => {
    expect(settled(minutes, at, readOf(minutes))).toHaveLength(8);
    expect(settled(minutes, { ...at, lagSeconds: 0 }, readOf(minutes))).toHaveLength(10);
  });

  it("waits when the earlier look read something else, and those after it wait for it", () => {
    const late = minutes.map((one, index) =>
      index === 6 ? rawMinute(6, { candidate: raw({ requests: 58 }) }) : one,
    );
    expect(settled(minutes, at, readOf(late))).toHaveLength(6);
  });

  it("waits while two checks that agree are of the same publication: less than a period apart", () => {
    const first = readOf(minutes, at.nowMs - 5_000);
    expect(settled(minutes, at, first)).toHaveLength(5);
    const again = remembered(minutes, at.nowMs + MINUTE - 5_000, first);
    expect(settled(minutes, { ...at, nowMs: at.nowMs + MINUTE - 5_000 }, again)).toHaveLength(8);
  });

  it("waits anew when a later look reads something else", () => {
    const revised = minutes.map((one, index) =>
      index === 7 ? rawMinute(7, { candidate: raw({ requests: 61 }) }) : one,
    );
    const reads = remembered(revised, at.nowMs, readOf(minutes));
    expect(settled(revised, at, reads)).toHaveLength(7);
  });

  it("waits while less than half of its requests are answered and the load balancer has not said why", () => {
    const half = (balancerErrors?: number) =>
      minutes.map((one, index) =>
        index === 6 ? rawMinute(6, { candidate: raw({ requests: 60, answered: 29 }), balancerErrors }) : one,
      );
    expect(settled(half(), at, readOf(half()))).toHaveLength(6);
    expect(settled(half(31), at, readOf(half(31)))).toHaveLength(8);
    expect(settled(half(), { ...at, nowMs: 12 * MINUTE }, readOf(half()))).toHaveLength(10);
  });

  it("waits while nothing of it is there, for either slot: its figures may be late, and no figure is no good news", () => {
    const nothing = { candidate: raw({ requests: 0 }), active: raw({ requests: 0 }) };
    const silent = minutes.map((one, index) => (index === 6 ? rawMinute(6, nothing) : one));
    expect(settled(silent, at, readOf(silent))).toHaveLength(6);
    expect(settled(silent, { ...at, nowMs: 12 * MINUTE }, readOf(silent))).toHaveLength(10);
  });

  it("waits while a slot shows no request that had ten in the minute before, and not where few are usual", () => {
    const after = (requests: number) =>
      minutes.map((one, index) => {
        if (index === 5) return rawMinute(5, { candidate: raw({ requests }) });
        return index === 6 ? rawMinute(6, { candidate: raw({ requests: 0 }) }) : one;
      });
    expect(settled(after(10), at, readOf(after(10)))).toHaveLength(6);
    expect(settled(after(9), at, readOf(after(9)))).toHaveLength(8);
    // Between two splits a slot may lose all its users: the minute of the change is not among those that are compared.
    const split = after(10).filter(({ atMs }) => atMs !== 5 * MINUTE);
    expect(settled(split, at, readOf(split))).toHaveLength(7);
  });

  it("waits while its requests come later than their answers", () => {
    const without = minutes.map((one, index) =>
      index === 6 ? rawMinute(6, { candidate: raw({ requests: 0, answered: 57, errors: 3 }) }) : one,
    );
    expect(settled(without, at, readOf(without))).toHaveLength(6);
    expect(settled(without, { ...at, nowMs: 12 * MINUTE }, readOf(without))).toHaveLength(10);
    // A few answers to requests of the minute before are usual.
    const few = minutes.map((one, index) =>
      index === 6 ? rawMinute(6, { candidate: raw({ requests: 31, answered: 60 }) }) : one,
    );
    expect(settled(few, at, readOf(few))).toHaveLength(8);
  });
});

describe("the metrics of a pair", () => {
  const data = pairOf(minutes);
  const slow = (seconds: number) => [{ quantile: 0.9, seconds, samples: 1000 }];

  it("count as failed what was answered 5xx and what was not answered", () => {
    const bad = rawMinute(0, { candidate: raw({ requests: 60, answered: 50, errors: 4 }) });
    const { metrics } = metricsOf(data, [bad], {
      sticky: false,
      compareClientErrors: true,
      warmupMinutes: 0,
      finalUntilMs: FINAL,
    });
    expect(metrics[0]?.minutes[0]?.candidate).toEqual({ exposure: 60, events: 10 });
  });

  it("leave out a minute with more events than requests, and name it", () => {
    const custom = [
      { name: "disagreed", namespace: "Mine", metricName: "Disagreed", dimensions: { Slot: "{slot}" } },
    ];
    const odd = rawMinute(3, {
      candidate: raw({ requests: 60, custom: [61] }),
      active: raw({ requests: 540, custom: [1] }),
    });
    const { metrics, unreadable } = metricsOf({ ...data, customMetrics: custom }, [odd], {
      sticky: false,
      compareClientErrors: true,
      warmupMinutes: 0,
      finalUntilMs: FINAL,
    });
    expect(unreadable).toEqual([3 * MINUTE]);
    expect(metrics.find(({ name }) => name === "disagreed")?.minutes).toEqual([]);
    expect(metrics.find(({ name }) => name === "failed")?.minutes).toHaveLength(1);
  });

  it("do not compare latency in minutes in which a task of the candidate had much more to do", () => {
    const even = rawMinute(0, {
      candidate: raw({ requests: 300, slow: [9] }),
      active: raw({ requests: 300, slow: [3] }),
    });
    const loaded = rawMinute(1, {
      candidate: raw({ requests: 380, slow: [90] }),
      active: raw({ requests: 300, slow: [3] }),
    });
    const unknown = rawMinute(2, { candidate: raw({ requests: 60, slow: [9], healthy: undefined }) });
    const found = metricsOf({ ...data, slowThresholds: slow(0.2) }, [even, loaded, unknown], {
      sticky: false,
      compareClientErrors: true,
      warmupMinutes: 0,
      finalUntilMs: FINAL,
    });
    expect(found.metrics.find(({ name }) => name === "slow-p90")?.minutes.map(({ atMs }) => atMs)).toEqual([
      0,
    ]);
    expect(found.unevenMinutes).toBe(2);
  });
});

describe("the sample ratio", () => {
  it("is not bent by chance, by rounding, or by the first two minutes", () => {
    const early = [...repeated(2, paired([0, 0], [0, 600])), ...repeated(20, paired([0, 60], [0, 540]))];
    expect(sampleRatio(early, 0.1)).toMatchObject({ bent: false, observed: 0.1 });
    expect(sampleRatio(repeated(200, paired([0, 66], [0, 534])), 0.1)).toMatchObject({ bent: false });
  });

  it("is bent when half of the users do not come", () => {
    expect(sampleRatio(repeated(30, paired([0, 30], [0, 570])), 0.1)).toMatchObject({
      bent: true,
      observed: 0.05,
    });
  });

  it("says nothing before there is anything to say", () => {
    expect(sampleRatio(repeated(3, paired([0, 60], [0, 540])), 0.1)).toBeUndefined();
    expect(sampleRatio([], 0.1)).toBeUndefined();
  });
});
