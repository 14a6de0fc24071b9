import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plotsOf } from "../../../../tools/bench/decision/plots.ts";
import { withHarmedSentence } from "../../../../tools/bench/decision/published.ts";
import { committedResult } from "../../../../tools/documents.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");

describe("what is published of the decision bench", () => {
  it("is drawn from the committed result (npm run generate)", () => {
    const plots = plotsOf(committedResult());
    const directory = join(root, "docs", "decision");
    expect(readdirSync(directory).sort()).toEqual(Object.keys(plots).sort());
    for (const [name, content] of Object.entries(plots)) {
      expect(readFileSync(join(directory, name), "utf8")).toBe(content);
    }
  });

  it("is what the README says of users harmed", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    expect(readme).toBe(withHarmedSentence(readme, committedResult()));
  });

  it("has exactly the members that other tools may rely on", () => {
    expect(Object.keys(committedResult()).sort()).toEqual(
      [
        "cells",
        "worstFalseRollback",
        "worstClustered",
        "beyondToleranceOneSetting",
        "beyondToleranceRobust",
        "onlyOurs",
        "oracleRatioP90",
        "usersHarmedRatio",
        "worlds",
        "harmedInReleases",
        "usersHarmedInReleases",
      ].sort(),
    );
  });
});
