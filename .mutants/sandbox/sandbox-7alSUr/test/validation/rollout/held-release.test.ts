import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { watchedUsd } from "../../../validation/insight/cost/bill.ts";
import { PRICES } from "../../../validation/insight/cost/prices.ts";
import type { MeasureRequest } from "../../../validation/measures.ts";
import { pollMsOf } from "../../../validation/rollout/poll.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { candidateReady } from "../support/samples.ts";
import { World } from "../support/world.ts";

const MINUTE = 60_000;
const ZONES = ["us-east-1a", "us-east-1b"];
const POLL_MS = pollMsOf({ localCloud: undefined });

/** A release on AWS of which every step is held until shortly before its deadline, and what its checks asked for. */
async function held(pollMs: number) {
  const world = new World({
    ...candidateReady(),
    rollout: { bakeMinutes: 59, deadlineMinutes: 60, maxBlindSpots: [1], metricLagSeconds: 0 },
  });
  const asked = { calls: 0, metrics: 0, points: 0, alarmCalls: 0 };
  const context = world.context();
  const metricsOf = (requests: readonly MeasureRequest[]) =>
    requests.flatMap(({ queries }) => queries).filter((query) => !("expression" in query)).length;
  const startMs = world.clock.now();
  const outcome = await rollout(
    {
      ...context,
      health: { ...context.health, zones: async () => ZONES },
      metrics: {
        read(requests, fromMs, toMs) {
          asked.calls += 1;
          asked.metrics += metricsOf(requests);
          asked.points += (metricsOf(requests) * (toMs - fromMs)) / MINUTE;
          return context.metrics.read(requests, fromMs, toMs);
        },
      },
      alarms: {
        read(names) {
          asked.alarmCalls += 1;
          return context.alarms.read(names);
        },
      },
    },
    { pollMs },
  );
  expect(outcome).toMatchObject({ result: "promoted" });
  const hours = (world.clock.now() - startMs) / (60 * MINUTE);
  return { ...asked, hours, config: world.config };
}

describe("a release that is held to its deadlines", () => {
  it("costs what `cost` says of it, within a fifth", async () => {
    const { metrics, alarmCalls, config } = await held(POLL_MS);
    const { metricsRead, apiRequests } = PRICES;
    // One call of DescribeAlarms a check, and one that tells the dashboard.
    const usd = (metrics / 1000) * metricsRead.usd + ((2 * alarmCalls) / 1000) * apiRequests.usd;
    // As on AWS: on the local cloud looks come more often and cost nothing.
    const parsed = parseConfig({});
    if (!parsed.ok) throw new Error("the defaults are refused");
    const { network } = parsed.config;
    const said = watchedUsd({ ...config, network }, "held");
    expect(usd / said).toBeGreaterThan(0.8);
    expect(usd / said).toBeLessThan(1.2);
  });

  it("reads a thousandth of the datapoints of before in an hour: 24 hours of each metric every five seconds", async () => {
    const { points, hours, metrics, alarmCalls } = await held(POLL_MS);
    const before = (3600 / 5) * (metrics / alarmCalls) * 24 * 60;
    expect(points / hours).toBeLessThan(before / 1000);
  });
});
