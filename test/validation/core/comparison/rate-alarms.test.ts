import { describe, expect, it } from "vitest";
import type { ComparedMetric } from "../../../../validation/core/comparison/compare.ts";
import type { RawCounts, RawMinute } from "../../../../validation/core/comparison/data.ts";
import { excesses } from "../../../../validation/core/comparison/metrics.ts";
import { countIn, RATE_ALARMS } from "../../../../validation/core/comparison/rate-alarms.ts";
import { failedMetric, MINUTE, paired, pairOf, raw } from "./support.ts";

/** The active slot's day: of 1,000 requests one fails, one is late, one has no answer. */
const USUAL = raw({ requests: 100_000, answered: 99_800, errors: 100, timed: 99_900, late: 100 });
const GOOD = raw({ requests: 60 });
/** Requests alone are there. */
const UNTOLD = { ...GOOD, healthy: undefined };
/** Half of the candidate's requests. */
const FAILING = raw({ requests: 60, answered: 30, errors: 30 });
const LATE = raw({ requests: 60, late: 30 });
const LOST = raw({ requests: 60, answered: 30, timed: 30 });
/** CloudWatch has nothing of it yet. */
const NOTHING = raw({ requests: 0, healthy: undefined });

interface Seen {
  readonly candidates: readonly RawCounts[];
  readonly actives?: readonly RawCounts[];
  readonly usual?: readonly RawCounts[];
  readonly metrics?: readonly ComparedMetric[];
  readonly settings?: Partial<Parameters<typeof excesses>[2]>;
}

const found = ({ candidates, actives, usual = [USUAL], metrics = [], settings = {} }: Seen) => {
  const minutes = candidates.map((candidate, index): RawMinute => ({
    atMs: index * MINUTE,
    candidate,
    active: actives?.[index] ?? raw({ requests: 540 }),
  }));
  return excesses(pairOf(minutes, { zones: [usual] }), metrics, {
    minutes: 5,
    tolerance: 1.1,
    finalUntilMs: Number.POSITIVE_INFINITY,
    sticky: false,
    warmupMinutes: 0,
    isAlone: false,
    ...settings,
  });
};
const times = (count: number, one: RawCounts) => Array.from({ length: count }, () => one);
const nothingYet = times(3, NOTHING);

describe("what an alarm on a rate has seen", () => {
  it("is told for each thing that such an alarm counts, by its own minutes", () => {
    expect(found({ candidates: times(5, GOOD) })).toEqual({
      "error-rate": "none",
      "unanswered-rate": "none",
      "slow-rate": "none",
    });
    expect(found({ candidates: times(5, FAILING) })).toMatchObject({
      "error-rate": "proven",
      "slow-rate": "none",
    });
    expect(found({ candidates: times(5, LATE) })).toMatchObject({
      "error-rate": "none",
      "slow-rate": "proven",
    });
    expect(found({ candidates: times(5, LOST) })).toMatchObject({
      "error-rate": "none",
      "unanswered-rate": "proven",
    });
  });

  it("are the newest minutes alone: what is over by then speaks no more, and what has just begun does", () => {
    const over = [...times(30, FAILING), ...times(5, GOOD)];
    expect(found({ candidates: over })["error-rate"]).toBe("none");
    expect(found({ candidates: [...times(30, GOOD), FAILING] })["error-rate"]).toBe("proven");
  });

  it("begins before the minutes of which nothing is published yet: the alarm has not seen them either", () => {
    const candidates = [...times(4, GOOD), FAILING, ...times(5, NOTHING)];
    const actives = [...times(5, raw({ requests: 540 })), ...times(5, NOTHING)];
    expect(found({ candidates, actives })["error-rate"]).toBe("proven");
  });

  it.each([
    ["the candidate's requests", { candidates: times(5, UNTOLD), actives: times(5, NOTHING) }],
    ["the active slot's requests", { candidates: times(5, NOTHING), actives: times(5, UNTOLD) }],
    ["the number of tasks alone", { candidates: times(5, raw()), actives: times(5, NOTHING) }],
  ])("ends with the newest minute of which something is there: %s", (_what, last) => {
    const candidates = [...times(5, FAILING), ...last.candidates];
    const actives = [...times(5, raw({ requests: 540 })), ...last.actives];
    // Five minutes in which only one slot had requests, or none: they say nothing of a difference.
    expect(found({ candidates, actives })["error-rate"]).toBeUndefined();
  });

  it("is nothing where there was no minute, and none in which both slots had requests", () => {
    const nothing = { "error-rate": undefined, "unanswered-rate": undefined, "slow-rate": undefined };
    expect(found({ candidates: [] })).toEqual(nothing);
    expect(found({ candidates: nothingYet, actives: nothingYet })).toEqual(nothing);
    expect(found({ candidates: times(5, GOOD), actives: times(5, raw()) })).toEqual(nothing);
  });

  it("is beside the active slot's past where all users are on the candidate, and nothing where there is none", () => {
    const alone = { actives: times(5, raw()), settings: { isAlone: true } };
    expect(found({ ...alone, candidates: times(5, FAILING) })["error-rate"]).toBe("proven");
    expect(found({ ...alone, candidates: times(5, GOOD) })["error-rate"]).toBe("none");
    expect(found({ ...alone, candidates: times(5, FAILING), usual: [] })["error-rate"]).toBeUndefined();
  });

  it("is no more than the active slot's past explains, of everything that is counted", () => {
    const bad = raw({ requests: 1000, answered: 300, errors: 400, refused: 100, timed: 1000, late: 500 });
    for (const candidate of [FAILING, LATE, LOST]) {
      const seen = found({ candidates: times(5, candidate), usual: times(60, bad) });
      expect(Object.values(seen)).not.toContain("proven");
    }
  });
});

describe("requests that may still be answered", () => {
  const settings = { finalUntilMs: 3 * MINUTE };

  it("are no excess, and are one when their minute is final", () => {
    expect(found({ candidates: times(3, LOST), settings })["unanswered-rate"]).toBe("proven");
    const newest = [...times(3, GOOD), ...times(2, LOST)];
    expect(found({ candidates: newest, settings })["unanswered-rate"]).toBe("none");
    expect(found({ candidates: newest })["unanswered-rate"]).toBe("proven");
  });

  it("make no answer that the tasks gave themselves less of a failure", () => {
    const both = raw({ requests: 60, answered: 20, errors: 20, timed: 40 });
    expect(found({ candidates: [...times(3, GOOD), both, both], settings })["error-rate"]).toBe("proven");
  });
});

describe("late answers while the candidate warms up", () => {
  const settings = { warmupMinutes: 3 };

  it("are nothing that is known against it yet; failures are", () => {
    expect(found({ candidates: times(3, LATE), settings })["slow-rate"]).toBe("none");
    expect(found({ candidates: times(3, FAILING), settings })["error-rate"]).toBe("proven");
  });

  it("are one as soon as there is a minute after it, by that minute", () => {
    const late = [...times(3, GOOD), LATE];
    expect(found({ candidates: late, settings })["slow-rate"]).toBe("proven");
    const early = [...times(3, LATE), GOOD];
    expect(found({ candidates: early, settings })["slow-rate"]).toBe("none");
    expect(found({ candidates: early })["slow-rate"]).toBe("proven");
  });
});

describe("clusters", () => {
  const clustered = (kind: "failed" | "slow", phi: number, bounded: number): ComparedMetric => {
    const metric = failedMetric([paired([0, 60], [0, 540])]);
    return { ...metric, kind, dispersion: { ...metric.dispersion, phi, bounded } };
  };
  const seen = (phi: number, bounded: number, sticky = false) =>
    found({
      candidates: times(5, FAILING),
      metrics: [clustered("failed", phi, bounded)],
      settings: { sticky },
    })["error-rate"];

  it("make an excess doubtful that they explain only with what one zone's incidents add to them", () => {
    expect(seen(1, 1)).toBe("proven");
    expect(seen(1000, 1)).toBe("doubtful");
    expect(seen(1000, 1000)).toBe("none");
  });

  it("explain it whole where users stay on their slot: a short stretch does not show their sessions", () => {
    expect(seen(1000, 1, true)).toBe("none");
    expect(seen(1, 1, true)).toBe("proven");
  });

  it("of late answers explain no failures, and those of failures no late answers", () => {
    const [failed, slow] = [clustered("failed", 1000, 1000), clustered("slow", 1000, 1000)];
    expect(found({ candidates: times(5, FAILING), metrics: [slow] })["error-rate"]).toBe("proven");
    expect(found({ candidates: times(5, LATE), metrics: [failed] })["slow-rate"]).toBe("proven");
    expect(found({ candidates: times(5, LATE), metrics: [slow] })["slow-rate"]).toBe("none");
  });
});

describe("what an alarm on a rate counts", () => {
  const counts = raw({
    requests: 100,
    answered: 80,
    redirects: 20,
    refusals: 5,
    errors: 12,
    refused: 3,
    timed: 92,
    late: 7,
  });

  it("is each class of answers once: what was neither sent elsewhere nor refused is good", () => {
    const of = countIn(counts);
    expect([of("ok"), of("redirects"), of("refusals"), of("errors")]).toEqual([55, 20, 5, 12]);
    expect([of("requests"), of("refused"), of("answers"), of("slow")]).toEqual([100, 3, 92, 7]);
  });

  it("are failures, requests without an answer, and late answers", () => {
    const each = RATE_ALARMS.map(({ key, kind, count }) => [key, kind, count([counts])[0]]);
    expect(each).toEqual([
      ["error-rate", "failed", { exposure: 95, events: 15 }],
      ["unanswered-rate", "failed", { exposure: 100, events: 8 }],
      ["slow-rate", "slow", { exposure: 92, events: 7 }],
    ]);
  });
});
