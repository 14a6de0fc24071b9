import { describe, expect, it } from "vitest";
import { evidenceOverTime, type EvidenceMemory } from "../../../cli/console/state/evidence-over-time.ts";
import { rolloutFields } from "../../../contract/config/sections.ts";
import { dayOfCounts } from "../../../tools/bench/support/day-of-counts.ts";
import { judge, type JudgementInput } from "../../../validation/core/comparison/judgement.ts";

const MINUTE_MS = 60_000;
const policy = Object.fromEntries(
  Object.entries(rolloutFields).map(([key, field]) => [key, field.default]),
  // The defaults of the contract's own fields, so they have the contract's types.
) as unknown as JudgementInput["policy"];

/** The first minutes of a step, as a judge sees them then. */
function judged(minutes: number) {
  const data = dayOfCounts((requests, rate) => Math.round(requests * rate));
  return judge({
    data: { ...data, minutes: data.minutes.slice(0, minutes) },
    earlier: new Map(),
    nowMs: (minutes + 5) * MINUTE_MS,
    stepSinceMs: 0,
    splitSinceMs: 0,
    share: 10,
    sticky: false,
    attempt: 1,
    visits: 1,
    policy,
  });
}

describe("the evidence over time that the console draws", () => {
  it("ends where the judge stands, and was on its way what the judge said then", () => {
    const now = judged(60);
    const drawn = evidenceOverTime(now, 65 * MINUTE_MS, new Map());
    expect(drawn.blindSpot.at(-1)).toBe(now.blindSpot);
    expect(drawn.seconds.at(-1)).toBe(60 * 60);
    const then = judged(30);
    const at = drawn.seconds.indexOf(30 * 60);
    expect(drawn.blindSpot[at]).toBe(then.blindSpot);
    for (const [name, judgement, index] of [["failed", then, at] as const, ["failed", now, -1] as const]) {
      const metric = drawn.metrics.find((one) => one.name === name);
      const said = judgement.metrics.find((one) => one.name === name);
      expect(10 ** (metric?.logEvidence.at(index) ?? 0)).toBeCloseTo(said?.contribution ?? 0, 9);
    }
  });

  it("narrows its band as minutes come", () => {
    const { blindSpot } = evidenceOverTime(judged(120), 125 * MINUTE_MS, new Map());
    expect(blindSpot.length).toBeLessThanOrEqual(81);
    // Failures of the active slot come and go, so not each minute makes it smaller.
    expect(blindSpot[60]).toBeLessThan(blindSpot[20] ?? 0);
    expect(blindSpot[20]).toBeLessThan(blindSpot[5] ?? 0);
    expect(blindSpot.at(-1)).toBeLessThan(0.1);
  });

  it("computes of minutes that are settled nothing again", () => {
    const memory: EvidenceMemory = new Map();
    evidenceOverTime(judged(60), 65 * MINUTE_MS, memory);
    const known = new Map(memory);
    evidenceOverTime(judged(62), 67 * MINUTE_MS, memory);
    for (const [key, row] of known) expect(memory.get(key)).toBe(row);
    expect(known.size).toBe(55);
  });
});
