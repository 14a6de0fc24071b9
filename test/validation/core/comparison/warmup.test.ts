import { expect, it } from "vitest";
import type { RawMinute } from "../../../../validation/core/comparison/data.ts";
import { warmupMinutes } from "../../../../validation/core/comparison/warmup.ts";
import { MINUTE, raw } from "./support.ts";

const minute = (at: number, healthy = 2): RawMinute => ({
  atMs: at * MINUTE,
  candidate: raw({ requests: 60, healthy }),
  active: raw({ requests: 540 }),
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const found = (minutes: readonly RawMinute[], length = 3) =>
  [...warmupMinutes(minutes, length)].map((atMs) => atMs / MINUTE);

it("begins with the candidate's first users, and again after it had none", () => {
  const minutes = [...range(0, 10), ...range(20, 30)].map((at) => minute(at));
  expect(found(minutes)).toEqual([0, 1, 2, 20, 21, 22]);
});

it("begins again with new tasks, at most twice an hour", () => {
  const minutes = range(0, 85).map((at) => minute(at, 2 + Math.floor(at / 10)));
  // From the minute 70 on the first of the two is an hour ago, from 80 on the second.
  const first = [0, 1, 2, 10, 11, 12, 20, 21, 22];
  expect(found(minutes)).toEqual([...first, 70, 71, 72, 80, 81, 82]);
});

it("does not begin when tasks go, or when their number is not known", () => {
  const minutes = range(0, 20).map((at) => (at < 10 ? minute(at, 4) : minute(at, 2)));
  expect(found(minutes)).toEqual([0, 1, 2]);
  const unknown = range(0, 20).map((at) => {
    const one = minute(at);
    return at % 2 === 0 ? one : { ...one, candidate: { ...one.candidate, healthy: undefined } };
  });
  expect(found(unknown)).toEqual([0, 1, 2]);
});
