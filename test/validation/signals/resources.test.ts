import { describe, expect, it } from "vitest";
import type { MeasureRequest } from "../../../validation/measures.ts";
import { MINUTE, readable } from "../support/readable.ts";

interface Shown {
  /** Requests of a minute. */
  readonly requests: number;
  readonly tasks: number;
  /** Percent that the tasks use on average; undefined: ECS says nothing. */
  readonly used: (minute: number) => number | undefined;
}

const isOfGreen = (request: MeasureRequest) => /green/.test(JSON.stringify(request));

/** What is read of a signal after so many minutes of both slots. */
async function seriesOf(of: "cpu" | "memory" | "gpu", blue: Shown, green: Shown, minutes = 60) {
  const world = readable(
    (request, atMs) => {
      const { requests, tasks, used } = isOfGreen(request) ? green : blue;
      const [query] = request.queries;
      if (query === undefined || !("metricName" in query)) return undefined;
      switch (`${query.metricName} ${query.stat}`) {
        case "RequestCount Sum":
          return requests;
        case "HealthyHostCount Minimum":
          return tasks;
        case "CPUUtilization Average":
        case "MemoryUtilization Average":
        case "GpuUtilization Average":
          return used(Math.round((atMs - world.startMs) / MINUTE));
        default:
          return undefined;
      }
    },
    {
      signals: [{ name: of, source: { from: "resources", of } }],
      service: { agent: { scrape: { gpu: { series: "nv_gpu_utilization", most: 1 } } } },
    },
  );
  // Its clock is ten minutes after the start; at a first look the last five minutes may still change.
  world.world.clock.advance((minutes - 10) * MINUTE);
  const { data } = await world.read({ active: "a", attempt: 1, windows: [{ from: world.at(0) }] });
  return { ...data.signals[0], calls: world.calls };
}

const usual = { requests: 600, tasks: 2, used: () => 40 };

describe("what tasks use, as a signal", () => {
  it("is one loss for each healthy task and minute, as ECS publishes it, and costs one metric a slot", async () => {
    const { minutes, history, note, held, calls } = await seriesOf("cpu", usual, {
      ...usual,
      used: () => 60,
    });
    expect(minutes).toHaveLength(55);
    expect(minutes?.[0]).toMatchObject({
      candidate: { exposure: 2, events: 1.2 },
      active: { exposure: 2, events: 0.8 },
    });
    expect(history).toHaveLength(1440);
    expect({ note, held }).toEqual({ note: undefined, held: undefined });
    const asked = calls.flatMap(({ requests }) => requests.flatMap(({ queries }) => queries));
    const ofEcs = asked.filter((query) => "namespace" in query && query.namespace === "AWS/ECS");
    expect(new Set(ofEcs.map((query) => JSON.stringify(query))).size).toBe(2);
  });

  it("is the same of GPUs, as the agents of both slots publish it", async () => {
    const { minutes, held, calls } = await seriesOf("gpu", usual, { ...usual, used: () => 60 });
    expect(minutes).toHaveLength(55);
    expect(minutes?.[0]).toMatchObject({
      candidate: { exposure: 2, events: 1.2 },
      active: { exposure: 2, events: 0.8 },
    });
    expect(held).toBeUndefined();
    const asked = calls.flatMap(({ requests }) => requests.flatMap(({ queries }) => queries));
    const ofAgent = asked.filter((query) => "metricName" in query && query.metricName === "GpuUtilization");
    expect(ofAgent[0]).toMatchObject({ namespace: "MlBlueGreen/Signals" });
  });

  it("counts where each task has as many requests, whatever the share and the number of tasks", async () => {
    const { minutes, note } = await seriesOf("cpu", usual, { ...usual, requests: 300, tasks: 1 });
    expect(minutes).toHaveLength(55);
    expect(note).toBeUndefined();
  });

  it("is no evidence at another load per task, says so, and does not hold", async () => {
    const { minutes, note, held } = await seriesOf("cpu", usual, { ...usual, requests: 60, used: () => 90 });
    expect(minutes).toEqual([]);
    expect(held).toBeUndefined();
    expect(note).toBe(
      "the slots had 0.8 to 1.25 times as many requests per task in 0 of 60 minutes: next to nothing is compared",
    );
  });

  it.each([
    [1.26, 0],
    [1.24, 55],
    [0.81, 55],
    [0.79, 0],
  ])("takes %d times the requests per task as %d minutes of the same load", async (times, expected) => {
    const green = { ...usual, requests: times * usual.requests };
    expect((await seriesOf("cpu", usual, green)).minutes).toHaveLength(expected);
  });

  it("holds where ECS says nothing of tasks that answer: no data is not good news", async () => {
    const { held } = await seriesOf("memory", usual, { ...usual, used: () => undefined });
    expect(held).toBe(
      "nothing was counted of green in 55 minutes in which it had 33000 requests; about 110 were due",
    );
  });

  it("takes tasks that use more than their share of the CPU, as on EC2, for full ones", async () => {
    const { minutes } = await seriesOf("cpu", usual, { ...usual, used: () => 140 });
    expect(minutes?.[0]?.candidate).toEqual({ exposure: 2, events: 2 });
  });
});

describe("memory that grows", () => {
  const leaks = (minute: number) => 20 + Math.max(0, minute) / 4;

  it("holds while the active slot's does not", async () => {
    const { held } = await seriesOf("memory", usual, { ...usual, used: leaks });
    expect(held).toBe(
      "memory of green grows from 21.1 % to 33.6 % in 60 min of the same load, of blue from 40.0 % to 40.0 %",
    );
  });

  it("holds no more once it has found its size: caches fill", async () => {
    const { held } = await seriesOf(
      "memory",
      usual,
      { ...usual, used: (at) => Math.min(leaks(at), 35) },
      130,
    );
    expect(held).toBeUndefined();
  });

  it("does not hold where the active slot's grows, too, nor before there is half an hour of it", async () => {
    expect(
      (await seriesOf("memory", { ...usual, used: leaks }, { ...usual, used: leaks })).held,
    ).toBeUndefined();
    const soon = await seriesOf("memory", usual, { ...usual, used: (at) => 20 + at }, 25);
    expect(soon.held).toBeUndefined();
  });

  it("is no matter of the CPU's", async () => {
    expect((await seriesOf("cpu", usual, { ...usual, used: leaks })).held).toBeUndefined();
  });
});
