import { expect, it } from "vitest";
import { marksOf } from "../../../cli/console/state/marks.ts";
import type { ToldEntry } from "../../../cli/console/state/journal.ts";

const entry = (n: number, time: string, kind: string, verdict: string): ToldEntry => ({
  n,
  at: `2026-11-30T${time}Z`,
  kind,
  verdict,
  sentence: verdict,
});

it("draws a verdict where nothing came of it, and otherwise what came of it", () => {
  const journal = [
    entry(1, "10:00:00", "event", "shifted"),
    entry(2, "10:00:02", "look", "advance"),
    entry(3, "10:10:00", "look", "hold"),
    entry(4, "10:20:00", "look", "blocked"),
    entry(5, "10:30:00", "event", "reverted"),
    entry(6, "10:30:01", "look", "rollback"),
    entry(7, "10:30:09", "seal", "rolledBack"),
  ];
  expect(marksOf(undefined, journal).map(({ kind }) => kind)).toEqual(["step", "verdict", "rollback"]);
});
