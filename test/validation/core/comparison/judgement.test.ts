import { describe, expect, it } from "vitest";
import {
  remembered,
  type ComparisonData,
  type RawMinute,
} from "../../../../validation/core/comparison/data.ts";
import { judge, type JudgementInput } from "../../../../validation/core/comparison/judgement.ts";
import { DEFAULT_SETTINGS } from "../../../../validation/insight/replay/settings.ts";
import { minutesOfSignal, seriesOf } from "../signals/support.ts";
import { MINUTE, pairOf, raw } from "./support.ts";

const POLICY = DEFAULT_SETTINGS.rollout;
const minute = (index: number, own: Partial<RawMinute> = {}): RawMinute => ({
  atMs: index * MINUTE,
  candidate: raw({ requests: 60 }),
  active: raw({ requests: 540 }),
  ...own,
});
const range = (count: number, own?: Partial<RawMinute>) =>
  Array.from({ length: count }, (_, index) => minute(index, own));

interface Seen {
  readonly data?: Partial<ComparisonData>;
  readonly policy?: Partial<JudgementInput["policy"]>;
  readonly input?: Partial<JudgementInput>;
}
const judged = (minutes: readonly RawMinute[], { data, policy, input }: Seen = {}) =>
  judge({
    data: pairOf(minutes, data),
    earlier: remembered(minutes, 0),
    nowMs: (minutes.length + 2) * MINUTE,
    stepSinceMs: 0,
    splitSinceMs: 0,
    share: 10,
    sticky: false,
    attempt: 1,
    visits: 1,
    policy: { ...POLICY, ...policy },
    ...input,
  });
const from = (step: number): Seen => ({ input: { stepSinceMs: step * MINUTE } });

describe("the minutes of a step", () => {
  it("begin with the one in which it began", () => {
    expect(judged(range(20), from(5)).stepMinutes).toBe(15);
  });

  it("see and prove nothing where too many requests may still be answered, and count all the same", () => {
    // The newest three of twenty are not final, and six of sixty requests have no answer.
    const open = range(20).map((one, index) =>
      index < 17 ? one : minute(index, { candidate: raw({ requests: 60, answered: 54 }) }),
    );
    const seen = judged(open, from(17));
    expect(seen.proveNothing).toEqual([17, 18, 19].map((at) => at * MINUTE));
    expect(seen).toMatchObject({ stepMinutes: 3, blindSpot: 1, missing: undefined });
    expect(seen.proof?.evidence).toBe(1);
    const closed = judged(range(20), from(17));
    expect(closed.proveNothing).toEqual([]);
    expect(closed.blindSpot).toBeLessThan(1);
    expect(closed.proof?.evidence).toBeGreaterThan(1);
  });

  it("are enough when they see just as much as is wanted, and miss something when they see less", () => {
    const { blindSpot } = judged(range(20));
    const wanted = (most: number) => judged(range(20), { policy: { maxBlindSpots: [most] } });
    expect(wanted(blindSpot)).toMatchObject({ missing: undefined, maxBlindSpot: blindSpot });
    expect(wanted(blindSpot * 0.9).missing?.minutes).toBeGreaterThan(0);
  });

  it("say whether the split is the configured one", () => {
    expect(judged(range(20)).sampleRatio).toMatchObject({ observed: 0.1, configured: 0.1, bent: false });
    expect(judged(range(20), { input: { share: 50 } }).sampleRatio).toMatchObject({
      configured: 0.5,
      bent: true,
    });
  });
});

describe("what is looked at beside the comparison", () => {
  const failing = range(20, { candidate: raw({ requests: 60, answered: 30, errors: 20, refusals: 10 }) });

  it("are all answers by class, and the newest that refuse, settled or not", () => {
    const seen = judged(failing);
    expect(seen.answers?.candidate).toEqual({ "2xx": 400, "3xx": 0, "4xx": 200, "5xx": 400 });
    expect(seen.clientErrors).toMatchObject({ candidate: { exposure: 500, events: 100 }, isMore: true });
    // Five minutes of a clear difference are enough, though none of them is settled.
    const news = [...range(15), ...failing.slice(15)];
    const early = judged(news, { input: { earlier: new Map(), nowMs: 20 * MINUTE } });
    expect(early.answers?.candidate["4xx"]).toBe(0);
    expect(early.clientErrors?.candidate.events).toBe(50);
  });

  it("are neither where the counts were kept without the classes", () => {
    const kept = judged(failing, { data: { isWithoutClasses: true } });
    expect(kept).toMatchObject({ answers: undefined, clientErrors: undefined });
    expect(kept.metrics.map(({ name }) => name)).toEqual(["failed"]);
    expect(kept.crossing).toBeDefined();
  });

  const lost = range(20, { candidate: raw({ requests: 60, answered: 40, timed: 40 }) });
  it("are requests without an answer where users choose their slot, over as many minutes as a step bakes", () => {
    const seen = (bakeMinutes: number) =>
      judged(lost, { policy: { bakeMinutes }, input: { sticky: true, nowMs: 100 * MINUTE } }).silence;
    expect(seen(10)).toMatchObject({ minutes: 10, candidate: { exposure: 600, events: 200 }, isMore: true });
    expect(seen(7.5)?.minutes).toBe(8);
    // No fewer than the alarms look at.
    expect(seen(1)?.minutes).toBe(5);
    expect(judged(lost).silence).toBeUndefined();
  });

  it("are no more than chance and the slot's own clusters explain: an event that comes forty at a time", () => {
    // All of them lie in one zone, in a minute of ten.
    const day = (bursts: number) =>
      Array.from({ length: 1440 }, (_, at) => {
        const refusals = bursts > 0 && at % 10 === bursts ? 40 : 0;
        return raw({ requests: 270, answered: 270, refusals });
      });
    const burst = range(20).map((one, index) =>
      index === 15 ? minute(index, { candidate: raw({ requests: 60, refusals: 30 }) }) : one,
    );
    const seen = (zones: ComparisonData["zones"]) =>
      judged(burst, { data: { zones, zonesFromMs: -1440 * MINUTE, historyMinutes: 1440 } }).clientErrors;
    expect(seen([day(3), day(7)])?.isMore).toBe(false);
    expect(seen([])?.isMore).toBe(true);
  });

  it("are alarms on rates: beside the active slot, and beside its past where it has no users any more", () => {
    expect(judged(failing).excess["error-rate"]).toBe("proven");
    const alone = failing.map((one) => ({ ...one, active: raw() }));
    const past = {
      zones: [Array.from({ length: 1440 }, () => raw({ requests: 540 }))],
      historyMinutes: 1440,
    };
    expect(judged(alone, { data: past, input: { share: 100 } }).excess["error-rate"]).toBe("proven");
    expect(judged(alone, { data: past, input: { share: 99 } }).excess["error-rate"]).toBeUndefined();
  });
});

it("signals of the stack's own are compared with the rest, as far as their minutes are over", () => {
  const minutes = minutesOfSignal(20, () => [
    [30, 60],
    [5, 540],
  ]);
  const signals = [seriesOf({ minutes })];
  const seen = judged(range(20), {
    data: { signals },
    policy: { metricLagSeconds: 120 },
    input: { nowMs: 20 * MINUTE },
  });
  expect(seen.metrics.at(-1)).toMatchObject({ name: "wrong", total: { candidate: { events: 18 * 30 } } });
  expect(seen.crossing).toMatchObject({ name: "wrong" });
});
