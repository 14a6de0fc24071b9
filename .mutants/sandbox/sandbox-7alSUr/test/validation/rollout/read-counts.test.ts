import { describe, expect, test } from "vitest";
import type { Compared } from "../../../contract/release/compared.ts";
import type { ComparisonMemory } from "../../../validation/rollout/reading/read-counts.ts";
import type { MeasureRequest } from "../../../validation/measures.ts";
import { MINUTE, readable } from "../support/readable.ts";

const metricOf = ({ queries }: MeasureRequest) => {
  const [query] = queries;
  return query !== undefined && "metricName" in query ? query.metricName : "";
};
const statOf = ({ queries }: MeasureRequest) => {
  const [query] = queries;
  return query !== undefined && "stat" in query ? query.stat : "";
};
const pair = (windows: Compared["windows"]): Compared => ({ active: "a", attempt: 1, windows });

describe("what is read to compare two models", () => {
  test("are the complete minutes of every window in which they shared users, and no other", async () => {
    const { read, at, startMs } = readable((request) =>
      metricOf(request) === "RequestCount" ? 60 : undefined,
    );
    const { data } = await read(pair([{ from: at(0.5), to: at(3.5) }, { from: at(7) }]));
    expect(data.minutes.map(({ atMs }) => (atMs - startMs) / MINUTE)).toEqual([1, 2, 7, 8, 9]);
    expect(data.minutes[0]?.candidate).toMatchObject({ requests: 60, answered: 0, errors: 0 });
  });

  test("begins with a day of the active slot's history per zone, where there is one", async () => {
    const { read, at, startMs, calls } = readable((request, atMs) =>
      metricOf(request) === "RequestCount" && atMs >= startMs - 30 * MINUTE ? 60 : undefined,
    );
    const { data } = await read(pair([{ from: at(0) }]));
    expect(calls.at(-1)).toMatchObject({ fromMs: startMs - 1440 * MINUTE, toMs: startMs + 10 * MINUTE });
    expect(data.historyMinutes).toBe(30);
    expect(data.zones.map((zone) => zone.length)).toEqual([40, 40]);
    const zones = calls.at(-1)?.requests.flatMap(({ place }) => place.zone ?? []);
    expect([...new Set(zones)]).toEqual(["us-east-1a", "us-east-1b"]);
  });

  test("freezes the active slot's quantiles before the release, and allows the candidate to be later by a quarter", async () => {
    const { read, at, calls } = readable((request) =>
      statOf(request) === "SampleCount" ? 100 : statOf(request).startsWith("p") ? 0.2 : undefined,
    );
    const memory: ComparisonMemory = {};
    const { data } = await read(pair([{ from: at(0) }]), memory);
    expect(data.slowThresholds).toMatchObject([
      { quantile: 0.9, seconds: 0.2 },
      { quantile: 0.99, seconds: 0.2 },
    ]);
    const slow = (id: string) =>
      calls.flatMap(({ requests }) => requests).find((request) => request.id === id);
    expect(slow("candidate_slow0")?.queries).toMatchObject([{ stat: "TC(0.25:)" }]);
    expect(slow("active_slow0")?.queries).toMatchObject([{ stat: "TC(0.2:)" }]);
    await read(pair([{ from: at(0) }]), memory);
    // The quantiles, the pair and the history; then nothing but the last minutes of all.
    expect(calls).toHaveLength(4);
  });

  test("has no quantile that too few answers tell of", async () => {
    const { read, at } = readable((request) =>
      statOf(request) === "SampleCount" ? 0.25 : statOf(request).startsWith("p") ? 0.2 : undefined,
    );
    const { data } = await read(pair([{ from: at(0) }]));
    expect(data.slowThresholds.map(({ quantile }) => quantile)).toEqual([0.9]);
  });
});
