import { describe, expect, it } from "vitest";
import { sampleRatio } from "../../../../validation/core/comparison/sample-ratio.ts";

describe("the sample ratio at little traffic", () => {
  it("counts minutes without a request on the candidate, too: they are part of its share", () => {
    // Ten requests a minute at 10 %, in bunches: three minutes without the candidate, then one with four requests.
    const step = Array.from({ length: 400 }, (_, at) => {
      const candidate = at % 4 === 0 ? 4 : 0;
      return {
        candidate: { exposure: candidate, events: 0 },
        active: { exposure: 10 - candidate, events: 0 },
      };
    });
    expect(sampleRatio(step, 0.1)).toMatchObject({ bent: false, observed: expect.closeTo(0.1, 2) });
  });
});
