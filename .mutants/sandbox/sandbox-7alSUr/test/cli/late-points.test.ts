import { describe, expect, it } from "vitest";
import { latePointsOf } from "../../cli/local/late-points.ts";

describe("--late-points", () => {
  it("has late ones, revised ones, single metrics by name, and a seed", () => {
    expect(latePointsOf("late=0.05:180")).toEqual({ seed: 1, late: { part: 0.05, seconds: 180 } });
    expect(
      latePointsOf("late=0.005:180,revised=0.05:0.5:240,HTTPCode_Target_2XX_Count=1:240,seed=7"),
    ).toEqual({
      seed: 7,
      late: { part: 0.005, seconds: 180 },
      revised: { part: 0.05, shown: 0.5, seconds: 240 },
      lateOf: { HTTPCode_Target_2XX_Count: { part: 1, seconds: 240 } },
    });
  });

  it.each([
    "",
    "0.05:180",
    "late",
    "late=",
    "late=0.05",
    "late=1.5:180",
    "late=-1:180",
    "late=0.05:3601",
    "late=0.05:1.5",
    "late=0.05:0.5:180",
    "revised=0.05:180",
    "revised=0.05:2:180",
    "late=0.05:180,",
    "late=0.05:180,late=0.1:60",
    "seed=x",
    "seed=7",
    "=1:240",
  ])("refuses %j", (text) => expect(() => latePointsOf(text)).toThrow("late=0.05:180"));
});
