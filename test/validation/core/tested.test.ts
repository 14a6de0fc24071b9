import { describe, expect, test } from "vitest";
import { testedChange, waivedWords } from "../../../validation/core/tested.ts";
import { candidateReady, untested } from "../support/samples.ts";
import { World } from "../support/world.ts";

function sample(raw: Record<string, unknown>) {
  const { config } = new World(raw);
  if (config.release === undefined) throw new Error("the sample has no release");
  return { config, release: config.release };
}
const { release: ready } = sample(candidateReady());
const { tested } = ready;
if (tested === undefined) throw new Error("the sample is not tested");

describe("the result of pre-traffic tests", () => {
  test("is kept in the release, and changes nothing else", () => {
    const { config, release } = sample(untested());
    expect(testedChange(config, release, tested)).toEqual({
      release: { ...release, tested },
      generation: config.generation + 1,
    });
  });

  test("is told with the checks that were waived", () => {
    const waived = ["golden", "load"];
    expect(waivedWords({ ...ready, tested: { ...tested, waived } })).toBe(
      "its pre-traffic tests waived golden, load",
    );
  });

  test("has no words where nothing was waived, or tested", () => {
    expect(waivedWords(ready)).toBeUndefined();
    expect(waivedWords({ ...ready, tested: { ...tested, waived: [] } })).toBeUndefined();
    expect(waivedWords({ ...ready, tested: undefined })).toBeUndefined();
    expect(waivedWords(sample(untested()).release)).toBeUndefined();
  });
});
