import { describe, expect, it } from "vitest";
import {
  remembered,
  settled,
  type RawCounts,
  type RawMinute,
} from "../../../../validation/core/comparison/data.ts";
import { clientErrors, faults, neitherNor } from "../../../../validation/core/comparison/failures.ts";
import { MINUTE, raw } from "./support.ts";

/** Ten minutes of which each look has read the same; the fifth from the end is the newest final one. */
const settledOf = (own: (index: number) => Partial<RawMinute>, sticky = false) => {
  const minutes = Array.from({ length: 10 }, (_, index): RawMinute => ({
    atMs: index * MINUTE,
    candidate: raw({ requests: 300 }),
    active: raw({ requests: 300 }),
    ...own(index),
  }));
  return settled(minutes, { nowMs: 10 * MINUTE, lagSeconds: 0, sticky }, remembered(minutes, 0)).length;
};
const both = (counts: RawCounts) => ({ candidate: counts, active: counts });

describe("a minute that may be late", () => {
  it("does not wait because both slots had as many requests", () => {
    expect(settledOf(() => ({}))).toBe(10);
  });

  it("waits while both slots show nothing, also after minutes with few requests", () => {
    const few = (index: number) => both(raw({ requests: index === 6 ? 0 : 4 }));
    expect(settledOf(few)).toBe(6);
  });

  it("waits while the active slot alone shows nothing that had many before", () => {
    expect(settledOf((index) => (index === 6 ? { active: raw({ requests: 0 }) } : {}))).toBe(6);
  });

  const seventh = (counts: Partial<RawCounts>, sticky: boolean) =>
    settledOf((index) => (index === 6 ? { candidate: raw(counts) } : {}), sticky);

  it.each([
    ["half of those that were timed", { answered: 40, errors: 10, timed: 100 }, 10],
    ["less than that", { answered: 40, errors: 9, timed: 100 }, 6],
    ["more than were timed", { answered: 90, errors: 10, timed: 20 }, 10],
  ])(
    "waits by its answers alone where users choose their slot: %s were answered",
    (_many, counts, length) => {
      // Requests without an answer are anybody's to leave there, and would keep it waiting.
      expect(seventh({ requests: 5000, ...counts }, true)).toBe(length);
    },
  );

  it.each([
    ["twice as many answers as requests", { answered: 60, errors: 40, timed: 100 }, 10],
    ["one more", { answered: 60, errors: 41, timed: 100 }, 6],
  ])("waits for its requests elsewhere while there are more than %s", (_many, counts, length) => {
    expect(seventh({ requests: 50, ...counts }, false)).toBe(length);
    expect(seventh({ requests: 50, ...counts }, true)).toBe(10);
  });
});

describe("what is counted where users choose their slot", () => {
  const counts = raw({ requests: 100, answered: 70, redirects: 6, refusals: 4, errors: 10, refused: 15 });

  it("are 5xx answers and connections that no task took, among what was answered", () => {
    expect(faults([counts])).toEqual([{ exposure: 95, events: 25 }]);
  });

  it("are no more refused connections than requests without an answer: one is tried several times", () => {
    expect(faults([{ ...counts, refused: 50 }])).toEqual([{ exposure: 100, events: 30 }]);
    expect(faults([{ ...counts, answered: 90, refused: 50 }])).toEqual([{ exposure: 100, events: 10 }]);
  });

  it("are answers that refuse among all answers, with those that send elsewhere or without", () => {
    expect(clientErrors([counts])).toEqual([{ exposure: 80, events: 4 }]);
    expect(neitherNor([counts])).toEqual([{ exposure: 80, events: 10 }]);
  });
});
