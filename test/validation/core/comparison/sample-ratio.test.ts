import { describe, expect, it } from "vitest";
import type { PairedMinute } from "../../../../validation/core/comparison/counts.ts";
import { sampleRatio } from "../../../../validation/core/comparison/sample-ratio.ts";
import { paired, repeated } from "./support.ts";

const split = (candidate: number, active: number) => paired([0, candidate], [0, active]);
/** The first two minutes after a change of the weights belong to both splits. */
const afterChange = (minutes: readonly PairedMinute[]) => [...repeated(2, split(0, 500)), ...minutes];
/** Of so many requests in each minute, one half of the minutes has `few` on the candidate, the other `many`. */
const inBunches = (minutes: number, few: number, many: number, requests: number) =>
  afterChange(
    Array.from({ length: minutes }, (_, at) => {
      const candidate = at % 2 === 0 ? few : many;
      return split(candidate, requests - candidate);
    }),
  );

describe("the sample ratio at little traffic", () => {
  it("counts minutes without a request on the candidate, too: they are part of its share", () => {
    // Ten requests a minute at 10 %, in bunches: three minutes without the candidate, then one with four requests.
    const step = Array.from({ length: 400 }, (_, at) => {
      const candidate = at % 4 === 0 ? 4 : 0;
      return split(candidate, 10 - candidate);
    });
    expect(sampleRatio(step, 0.1)).toMatchObject({ bent: false, observed: expect.closeTo(0.1, 2) });
  });

  it("is not bent by a share that so few requests may well have by chance", () => {
    expect(sampleRatio(afterChange(repeated(3, split(2, 8))), 0.1)).toMatchObject({
      observed: 0.2,
      bent: false,
    });
  });

  it("is told from two minutes on, and not by minutes in which nobody came", () => {
    expect(sampleRatio(afterChange([split(60, 540)]), 0.1)).toBeUndefined();
    expect(sampleRatio(afterChange([split(60, 540), split(0, 0)]), 0.1)).toBeUndefined();
    expect(sampleRatio(afterChange(repeated(2, split(60, 540))), 0.1)).toMatchObject({ observed: 0.1 });
  });

  it("is bent as well where there are minutes without a request between", () => {
    const sparse = repeated(30, split(30, 570)).flatMap((minute) => [minute, split(0, 0)]);
    expect(sampleRatio(afterChange(sparse), 0.1)).toMatchObject({ bent: true });
  });
});

describe("the sample ratio", () => {
  it.each([
    [0, 50, 50],
    [1, 50, 50],
    [0.1, 0, 600],
    [0.1, 600, 0],
  ])(
    "says nothing where one slot is to have everyone, or has: %d configured, %d beside %d",
    (share, a, b) => {
      expect(sampleRatio(afterChange(repeated(30, split(a, b))), share)).toBeUndefined();
    },
  );

  it.each([
    ["four fifths of its share", 400, false],
    ["less", 399, true],
    ["a quarter more than its share", 625, false],
    ["more than that", 626, true],
  ])("allows what the load balancer may round: the candidate has %s", (_what, candidate, bent) => {
    const step = afterChange(repeated(200, split(candidate, 1000 - candidate)));
    expect(sampleRatio(step, 0.5)?.bent).toBe(bent);
  });

  it.each([
    ["in bunches of the size of the difference", 20, 100, 160, 200, false],
    ["in much smaller ones", 20, 120, 140, 200, true],
    ["in large ones, of which there are only four", 4, 1180, 1420, 2000, false],
  ])(
    "is bent by as much as the minutes differ, and no less: 65 %% in place of 50 %%, %s",
    (_how, minutes, few, many, requests, bent) => {
      expect(sampleRatio(inBunches(minutes, few, many, requests), 0.5)).toMatchObject({
        observed: 0.65,
        bent,
      });
    },
  );
});
