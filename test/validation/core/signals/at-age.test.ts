import { describe, expect, it } from "vitest";
import { atAge, type PredictionMinute } from "../../../../validation/core/signals/at-age.ts";
import { binomial, MINUTE, seeded } from "../comparison/support.ts";

const day = (rows: (index: number) => Omit<PredictionMinute, "atMs">): readonly PredictionMinute[] =>
  Array.from({ length: 1440 }, (_, index) => ({ atMs: index * MINUTE, ...rows(index) }));
const END = { labelAfterMinutes: 120, nowMs: 5000 * MINUTE };

describe("labels at the same age", () => {
  it("count when they had their time, in the minute of the prediction and so long after it", () => {
    const row = (atMs: number) => ({ atMs, predictions: 60, labelled: 6, wrong: 1 });
    const slots = { candidate: [row(0), row(MINUTE)], active: [row(0), row(MINUTE)] };
    const count = { exposure: 6, events: 1 };
    expect(atAge(slots, { labelAfterMinutes: 10, nowMs: 11 * MINUTE - 1 }).minutes).toEqual([]);
    expect(atAge(slots, { labelAfterMinutes: 10, nowMs: 11 * MINUTE }).minutes).toEqual([
      { atMs: 10 * MINUTE, candidate: count, active: count },
    ]);
  });

  it("say so while none is old enough, and while none came in time", () => {
    const row = (labelled: number) => ({ atMs: 0, predictions: 60, labelled, wrong: 0 });
    const noteAt = (minute: number, labelled: number) =>
      atAge(
        { candidate: [row(labelled)], active: [row(labelled)] },
        { labelAfterMinutes: 10, nowMs: minute * MINUTE },
      ).note;
    expect(noteAt(10, 6)).toBe("no label is old enough so far: they count 10 minutes after the answer");
    expect(noteAt(11, 0)).toBe("no label for the 120 predictions that are old enough so far");
    expect(noteAt(11, 6)).toBeUndefined();
  });

  it("have a minute that only one slot has rows of", () => {
    const seen = atAge(
      { candidate: [], active: [{ atMs: 0, predictions: 60, labelled: 6, wrong: 1 }] },
      { labelAfterMinutes: 0, nowMs: MINUTE },
    );
    expect(seen).toEqual({
      minutes: [{ atMs: 0, candidate: { exposure: 0, events: 0 }, active: { exposure: 6, events: 1 } }],
      held: undefined,
    });
  });

  it("are not held while both slots' answers are labelled as often, in 60 days", () => {
    const random = seeded(1);
    const labelled = (predictions: number) => ({
      predictions,
      labelled: binomial(random, predictions, 0.3),
      wrong: 0,
    });
    const held = Array.from({ length: 60 }, () =>
      atAge({ candidate: day(() => labelled(20)), active: day(() => labelled(60)) }, END),
    ).filter((one) => one.held !== undefined);
    expect(held.length).toBe(0);
  });

  it.each([
    [12, 27],
    [58, 270],
  ])(
    "hold where the candidate has %d labels of 60 predictions and the active slot %d of 540",
    (one, other) => {
      const slots = {
        candidate: day(() => ({ predictions: 60, labelled: one, wrong: 1 })),
        active: day(() => ({ predictions: 540, labelled: other, wrong: 1 })),
      };
      expect(atAge(slots, END).held).toMatch(/of the candidate's predictions have a label/);
    },
  );

  it("accuse nobody while it is not seen yet that the candidate's right answers have no label", () => {
    const slots = {
      candidate: day(() => ({ predictions: 60, labelled: 1, wrong: 1 })),
      active: day(() => ({ predictions: 540, labelled: 180, wrong: 9 })),
    };
    const { minutes } = atAge(slots, { labelAfterMinutes: 0, nowMs: MINUTE });
    expect(minutes).toEqual([
      { atMs: 0, candidate: { exposure: 20, events: 1 }, active: { exposure: 180, events: 9 } },
    ]);
  });

  it("hold where nearly everything is labelled, and half of the rest is missing on one slot", () => {
    const slots = {
      candidate: day(() => ({ predictions: 60, labelled: 57, wrong: 1 })),
      active: day(() => ({ predictions: 540, labelled: 527, wrong: 1 })),
    };
    expect(atAge(slots, END).held).toMatch(/^95 % .* 98 %/);
  });

  it("hold within minutes where labels of one slot cease late in the day, and go on holding", () => {
    const candidate = day((index) => ({
      predictions: 60,
      labelled: index >= 1000 && index < 1060 ? 0 : 18,
      wrong: 0,
    }));
    const active = day(() => ({ predictions: 540, labelled: 162, wrong: 1 }));
    const heldAt = (minute: number) =>
      atAge({ candidate, active }, { labelAfterMinutes: 120, nowMs: (minute + 121) * MINUTE }).held;
    expect(heldAt(999)).toBeUndefined();
    expect(heldAt(1010)).toBeDefined();
    expect(heldAt(1439)).toBeDefined();
  });

  it("hold where there are more labels than predictions, and where nobody labels anything", () => {
    const rows = (labelled: number) => day(() => ({ predictions: 60, labelled, wrong: 0 }));
    expect(atAge({ candidate: rows(61), active: rows(60) }, END).held).toMatch(/more labels/);
    expect(atAge({ candidate: rows(0), active: rows(0) }, END).held).toMatch(/bluegreen feedback/);
  });
});
