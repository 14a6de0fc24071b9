import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  judgeShadow,
  pairsOf,
  shadowEvidence,
  type PairCells,
  type ShadowMinute,
  type ShadowPolicy,
} from "../../../../validation/core/signals/shadow.ts";
import { shadowSentence } from "../../../../validation/core/signals/shadow-words.ts";
import { randomOf } from "../../../../validation/core/planning/random.ts";

const policy: ShadowPolicy = { alpha: 0.01, allowedDisagreement: 0, sight: 0.01, clusterSize: 1 };

const minutesOf = (...cells: readonly PairCells[]): readonly ShadowMinute[] =>
  cells.map((one, at) => ({ atMs: at * 60_000, ...one }));

const count = fc.integer({ min: 0, max: 40 });
const cells = fc.record({ both: count, onlyCandidate: count, onlyAgain: count, neither: count });

/** E[factor] of one more pair, given what the evidence is by now. */
function expectedGrowth(allowedDisagreement: number, before: PairCells, up: number, down: number): number {
  const after = (one: Partial<PairCells>) => {
    const evidence = shadowEvidence({ allowedDisagreement, clusterSize: 1 });
    evidence.add(before);
    evidence.add({ both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 0, ...one });
    return evidence.logE();
  };
  const now = after({});
  return (
    up * Math.exp(after({ onlyCandidate: 1 }) - now) +
    down * Math.exp(after({ onlyAgain: 1 }) - now) +
    (1 - up - down) * Math.exp(after({ neither: 1 }) - now)
  );
}

describe("the evidence that a candidate differs", () => {
  test("is a supermartingale while the candidate differs no more than is allowed, whatever was seen before", () => {
    fc.assert(
      fc.property(
        cells,
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, allowed, down, closeness) => {
          const up = Math.min(1 - down, down + allowed) * closeness;
          expect(expectedGrowth(allowed, before, up, down)).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
    );
  });

  test("does not depend on how the pairs are divided into minutes, nor on their order", () => {
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 8 }), (all) => {
        const total = judgeShadow(minutesOf(...all), policy);
        const back = judgeShadow(minutesOf(...all.toReversed()), policy);
        expect(back.low).toBeCloseTo(total.low, 9);
        expect(back.high).toBeCloseTo(total.high, 9);
        expect(Math.log(back.evidence)).toBeCloseTo(Math.log(total.evidence), 6);
      }),
    );
  });

  test("grows with each pair in which the candidate alone differs, and falls with one of the active model alone", () => {
    fc.assert(
      fc.property(cells, (before) => {
        const evidence = (more: Partial<PairCells>) =>
          Math.log(
            judgeShadow(
              minutesOf(before, { both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 0, ...more }),
              policy,
            ).evidence,
          );
        expect(evidence({ onlyCandidate: 1 })).toBeGreaterThan(evidence({}));
        expect(evidence({ onlyAgain: 1 })).toBeLessThan(evidence({}));
        expect(evidence({ both: 7, neither: 30 })).toBeCloseTo(evidence({}), 9);
      }),
    );
  });

  test("of clusters of pairs that are all alike is that of one pair each", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 2, max: 20 }), (one, clusterSize) => {
        const many = {
          both: one.both * clusterSize,
          onlyCandidate: one.onlyCandidate * clusterSize,
          onlyAgain: one.onlyAgain * clusterSize,
          neither: one.neither * clusterSize,
        };
        const single = judgeShadow(minutesOf(one), policy);
        const clustered = judgeShadow(minutesOf(many), { ...policy, clusterSize });
        expect(Math.log(clustered.evidence)).toBeCloseTo(Math.log(single.evidence), 6);
        expect(clustered.high).toBeCloseTo(single.high, 3);
      }),
    );
  });
});

describe("the limits of what the candidate differs more", () => {
  test("are around what was seen, and what is allowed is below the lower one exactly when the evidence is enough", () => {
    fc.assert(
      fc.property(cells, fc.double({ min: 0, max: 0.1, noNaN: true }), (one, allowedDisagreement) => {
        const { low, high, excess, evidence, needed } = judgeShadow(minutesOf(one), {
          ...policy,
          allowedDisagreement,
        });
        expect(low).toBeLessThanOrEqual(excess + 1e-4);
        expect(high).toBeGreaterThanOrEqual(excess - 1e-4);
        if (low > allowedDisagreement) expect(evidence).toBeGreaterThanOrEqual(needed * (1 - 1e-9));
        if (low < allowedDisagreement - 2e-4) expect(evidence).toBeLessThan(needed);
      }),
    );
  });

  test("leave the truth out in at most one of a hundred runs each, however often one looks", () => {
    const [runs, looks, excess] = [400, 30, 0.02];
    let [below, above] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const random = randomOf(run);
      const seen = { both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 0 };
      let [isBelow, isAbove] = [false, false];
      for (let pair = 1; pair <= 100 * looks; pair += 1) {
        const drawn = random();
        seen[drawn < 0.01 + excess ? "onlyCandidate" : drawn < 0.02 + excess ? "onlyAgain" : "neither"] += 1;
        if (pair % 100 !== 0) continue;
        const { low, high } = judgeShadow(minutesOf(seen), policy);
        isBelow ||= high < excess;
        isAbove ||= low > excess;
      }
      below += isBelow ? 1 : 0;
      above += isAbove ? 1 : 0;
    }
    // 1 % of 400 are 4; more than 10 has a probability below 0.003.
    expect(below).toBeLessThanOrEqual(10);
    expect(above).toBeLessThanOrEqual(10);
  });
});

describe("what is said of the pairs", () => {
  const words = { candidate: "green", active: "blue" } as const;
  const say = (one: PairCells, own: Partial<ShadowPolicy> = {}) =>
    shadowSentence(judgeShadow(minutesOf(one), { ...policy, ...own }), { ...policy, ...own }, words);

  test("names how much more the candidate differs, and between which limits", () => {
    const one = { both: 15, onlyCandidate: 78, onlyAgain: 15, neither: 2892 };
    expect(pairsOf(one)).toBe(3000);
    expect(say(one)).toMatch(
      /^green answers 3\.1 % of 3000 requests otherwise than blue, blue itself 1 % when asked again: 2\.1 points more \([01]\.?\d* to [234]\.?\d*\); it differs more than the active model from itself \(e-value /,
    );
  });

  test("names what is allowed, and is content with it", () => {
    const one = { both: 15, onlyCandidate: 78, onlyAgain: 15, neither: 2892 };
    expect(say(one, { allowedDisagreement: 0.005 })).toContain("more than the 0.5 points allowed");
    expect(say(one, { allowedDisagreement: 0.05, sight: 0.1 })).toContain(
      "less than 10 points more is shown",
    );
  });

  test("says of a model that answers alike by how little it may differ", () => {
    expect(say({ both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 1000 })).toMatch(
      /0 points more \(.* to 0\.\d\); less than 1 point more is shown$/,
    );
  });

  test("says how many pairs it takes where they are too few", () => {
    const few = { both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 100 };
    const { pairsNeeded, isAlike } = judgeShadow(minutesOf(few), policy);
    expect(isAlike).toBe(false);
    expect(say(few)).toContain(`about ${pairsNeeded} pairs like these would`);
    const enough = judgeShadow(minutesOf({ ...few, neither: Math.ceil((pairsNeeded ?? 0) * 1.02) }), policy);
    expect(enough.isAlike).toBe(true);
  });

  test("says nothing of no pairs", () => {
    expect(judgeShadow([], policy)).toMatchObject({ pairs: 0, low: -1, high: 1, isAlike: false });
    expect(say({ both: 0, onlyCandidate: 0, onlyAgain: 0, neither: 0 })).toBe(
      "no request was answered by green and twice by blue",
    );
  });

  test("keeps what was seen, and says that less speaks for it by now", () => {
    const judged = judgeShadow(
      minutesOf(
        { both: 0, onlyCandidate: 20, onlyAgain: 0, neither: 100 },
        { both: 0, onlyCandidate: 0, onlyAgain: 30, neither: 100 },
      ),
      policy,
    );
    expect(judged.seenAtMs).toBe(0);
    expect(judged.evidence).toBeLessThan(judged.needed);
    expect(shadowSentence(judged, policy, words)).toContain("seen by the minute of 1970-01-01T00:00");
  });
});
