import { describe, expect, it } from "vitest";
import { readKept, type KeptPoints } from "../../../validation/rollout/reading/kept-points.ts";
import type { MeasureRequest, Metrics } from "../../../validation/measures.ts";

const MINUTE = 60_000;
const place = { loadBalancerSuffix: "lb", targetGroupSuffix: "g", clusterName: "c", serviceName: "s" };
const request = (id: string): MeasureRequest => ({ id, queries: [], periodSeconds: 60, place });

/** CloudWatch, whose value of a minute is what `valueAt` says at the time of the read. */
function world() {
  const asked: { ids: readonly string[]; minutes: readonly [number, number] }[] = [];
  const state = { valueAt: (minute: number) => minute, fails: false };
  const metrics: Metrics = {
    async read(requests, fromMs, toMs) {
      if (state.fails) throw new Error("throttled");
      asked.push({ ids: requests.map(({ id }) => id), minutes: [fromMs / MINUTE, toMs / MINUTE] });
      const minutes = Array.from({ length: (toMs - fromMs) / MINUTE }, (_, index) => fromMs / MINUTE + index);
      return new Map(
        requests.map(({ id }) => [
          id,
          minutes.map((minute) => ({ atMs: minute * MINUTE, value: state.valueAt(minute) })),
        ]),
      );
    },
  };
  const kept: KeptPoints = new Map();
  const read = (parts: Readonly<Record<string, number>>, to: number) =>
    readKept(
      metrics,
      kept,
      Object.entries(parts).map(([id, from]) => ({ requests: [request(id)], fromMs: from * MINUTE })),
      to * MINUTE,
    );
  return { asked, state, read };
}
const values = (points: readonly { readonly value: number }[] | undefined) =>
  points?.map(({ value }) => value);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("points that are kept", () => {
  it("are read once, each from where it is wanted, and then only the last ten minutes and what is new", async () => {
    const { asked, read } = world();
    await read({ history: 0, recent: 1400 }, 1440);
    expect(asked).toEqual([
      { ids: ["history"], minutes: [0, 1440] },
      { ids: ["recent"], minutes: [1400, 1440] },
    ]);
    const later = await read({ history: 0, recent: 1400 }, 1441);
    expect(asked.slice(2)).toEqual([{ ids: ["history", "recent"], minutes: [1430, 1441] }]);
    expect(values(later.get("history"))).toEqual(range(0, 1441));
    expect(values(later.get("recent"))).toEqual(range(1400, 1441));
  });

  it("take what CloudWatch says later of these minutes, and nothing else", async () => {
    const { state, read } = world();
    await read({ a: 0 }, 60);
    state.valueAt = () => -1;
    expect(values((await read({ a: 0 }, 61)).get("a"))).toEqual([
      ...range(0, 50),
      ...range(0, 11).map(() => -1),
    ]);
  });

  it("leave no gap after a pause, or after a read that failed", async () => {
    const { state, read } = world();
    await read({ a: 0 }, 60);
    state.fails = true;
    await expect(read({ a: 0 }, 61)).rejects.toThrow("throttled");
    state.fails = false;
    expect(values((await read({ a: 0 }, 200)).get("a"))).toEqual(range(0, 200));
  });

  it("are read anew from an earlier moment, and not at all where there is nothing to read", async () => {
    const { asked, read } = world();
    await read({ a: 50 }, 60);
    expect(values((await read({ a: 0 }, 60)).get("a"))).toEqual(range(0, 60));
    expect((await read({ b: 60 }, 60)).get("b")).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it("forget what is no longer wanted", async () => {
    const { read } = world();
    await read({ a: 0 }, 60);
    expect(values((await read({ a: 30 }, 60)).get("a"))).toEqual(range(30, 60));
  });
});
