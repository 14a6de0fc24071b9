import { expect, it } from "vitest";
import { Counts } from "../../../agent/lines/counts.ts";
import { embeddedLine } from "../../../agent/lines/embedded.ts";
import { GPU_METRIC, type GpuGauge } from "../../../agent/scrape/gauge.ts";
import { startScraper } from "../../../agent/scrape/scraper.ts";
import * as contract from "../../../contract/signals/signal.ts";
import { readEmbedded } from "../../../packages/local-cloud/metrics/embedded.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { MINUTE_MS, startModel } from "../support/running.ts";

/** What is read of one page, and what the log says of it. */
async function readOf(page: string, gpu: GpuGauge) {
  const { port } = await startModel((_, res) => res.end(page));
  const read: (readonly [number, number])[] = [];
  const told: string[] = [];
  const scraper = startScraper(
    { port, path: "/metrics", everyMs: 15_000, metrics: [], gpu },
    {
      clock: new ManualClock(0),
      counts: new Counts(MINUTE_MS),
      gpu: (atMs, percent) => read.push([atMs, percent]),
      tell: (what) => told.push(what),
    },
  );
  await scraper.scrape(MINUTE_MS);
  scraper.stop();
  return { read, told };
}

const TRITON = [
  "# TYPE nv_gpu_utilization gauge",
  'nv_gpu_utilization{gpu_uuid="a"} 0.5',
  'nv_gpu_utilization{gpu_uuid="b"} 0.25',
  "",
].join("\n");

it("what the GPUs of a task do is read of each page, as percent and on average, in the minute that ends there", async () => {
  const gauge = { series: "nv_gpu_utilization", labels: {}, most: 1 };
  expect(await readOf(TRITON, gauge)).toEqual({ read: [[MINUTE_MS - 1, 37.5]], told: [] });
  const { read } = await readOf(TRITON, { ...gauge, labels: { gpu_uuid: ["b"] } });
  expect(read).toEqual([[MINUTE_MS - 1, 25]]);
});

it.each([
  ["a page without it", "other 1\n"],
  ["a number that is none", 'DCGM_FI_DEV_GPU_UTIL{gpu="0"} NaN\n'],
])("no data is no zero: %s counts nothing, and it is said", async (_what, page) => {
  const { read, told } = await readOf(page, { series: "DCGM_FI_DEV_GPU_UTIL", labels: {}, most: 100 });
  expect(read).toEqual([]);
  expect(told).toEqual(["GpuUtilization is not counted: the page has no DCGM_FI_DEV_GPU_UTIL yet"]);
});

it("becomes a metric of the slot by the name that signals read", () => {
  expect(GPU_METRIC).toBe(contract.GPU_METRIC);
  const identity = { stack: "digits/prod", slot: "green", modelVersion: "7", release: "r1" };
  const read = { startMs: MINUTE_MS, path: undefined, metrics: { [GPU_METRIC]: 37.5 }, notes: {} };
  expect(readEmbedded(embeddedLine(identity, read, "Percent") ?? "")).toMatchObject({
    kind: "metrics",
    data: [
      {
        series: {
          namespace: contract.SIGNAL_NAMESPACE,
          metricName: contract.GPU_METRIC,
          unit: "Percent",
          dimensions: { Stack: "digits/prod", Slot: "green" },
        },
        values: [37.5],
      },
    ],
  });
});
