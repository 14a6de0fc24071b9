import { describe, expect, test } from "vitest";
import type { Fate } from "../../../validation/core/owner.ts";
import { living, type Work } from "../../../validation/core/work.ts";

const FATES: Readonly<Record<string, Fate>> = { r1: "ended", r2: "runs", r3: "runs" };
const fateOfRun = (run: string) => FATES[run] ?? "unknown";
const work = (run: string): Work => ({ run, owner: `ann@box:7 since T run ${run}` });

describe("who works at a release", () => {
  test("is the first whose process provably runs", () => {
    expect(living([work("r0"), work("r1"), work("r2"), work("r3")], fateOfRun)).toEqual(work("r2"));
  });

  test("is nobody where all have ended, or nobody can tell", () => {
    expect(living([work("r0"), work("r1")], fateOfRun)).toBeUndefined();
    expect(living([], fateOfRun)).toBeUndefined();
  });
});
