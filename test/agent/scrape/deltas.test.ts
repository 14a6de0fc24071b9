import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Deltas } from "../../../agent/scrape/deltas.ts";
import type { ScrapedMetric } from "../../../agent/scrape/metric.ts";
import { readPage } from "../../../agent/scrape/page.ts";
import { PRESETS } from "../../../agent/scrape/presets.ts";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "..", "fixtures", name), "utf8");
const BOUNDS = { firstTokenSeconds: 1, answerSeconds: 1 };

function deltasOf(metrics: readonly ScrapedMetric[]) {
  const told: string[] = [];
  const deltas = new Deltas(metrics, (what) => told.push(what));
  const read = (text: string, isOpenMetrics = false) =>
    Object.assign(
      {},
      ...deltas.read(readPage(text, isOpenMetrics, deltas.wanted)).map(({ amounts }) => amounts),
    );
  return { read, told };
}

const vllm = (bounds = BOUNDS) => deltasOf(PRESETS["vllm"]?.(bounds) ?? []);
const failures: ScrapedMetric = {
  kind: "counters",
  numerator: "Failed",
  denominator: "All",
  events: [{ series: "failed_total", labels: {}, always: false }],
  among: [
    { series: "failed_total", labels: {}, always: false },
    { series: "fine_total", labels: {}, always: false },
  ],
};
const page = (lines: readonly string[]) => `${["# TYPE failed_total counter", ...lines].join("\n")}\n`;

describe("what pages of a server add up to", () => {
  it("counts first tokens later than a second exactly, and begins anew after a restart", () => {
    const { read, told } = vllm();
    expect(read(fixture("vllm-minute-0.prom"))).toEqual({});
    expect(read(fixture("vllm-minute-1.prom"))).toMatchObject({
      ServerFirstTokens: 66,
      SlowServerFirstTokens: 12,
    });
    expect(read(fixture("vllm-minute-2-restarted.prom"))).toMatchObject({
      ServerFirstTokens: 18,
      SlowServerFirstTokens: 0,
    });
    expect(told.join()).toContain(
      "ServerFailures is not counted: the page has no vllm:request_success_total{finished_reason=error}",
    );
  });

  it("counts vLLM's own errors, and a client that went away neither as one nor among the requests", () => {
    const { read } = vllm();
    const withErrors = (name: string, errors: number) =>
      `${fixture(name)}vllm:request_success_total{engine="0",model_name="support-7b",finished_reason="error"} ${errors}\n`;
    read(withErrors("vllm-minute-0.prom", 1));
    expect(read(withErrors("vllm-minute-1.prom", 4))).toMatchObject({
      ServerFailures: 3,
      ServerRequests: 63,
    });
  });

  it("takes the next greater bucket where none has the bound, and says so", () => {
    const { read, told } = vllm({ firstTokenSeconds: 2, answerSeconds: 1 });
    read(fixture("vllm-minute-0.prom"));
    // 498 - 432 first tokens, of which 489 - 430 within 2.5 s.
    expect(read(fixture("vllm-minute-1.prom"))).toMatchObject({
      ServerFirstTokens: 66,
      SlowServerFirstTokens: 7,
    });
    expect(told.join()).toContain("has no bucket of 2 s, so later than 2.5 s is counted");
  });

  it("takes a page with more buckets than one call has arguments", () => {
    const { read } = deltasOf([
      {
        kind: "histogram",
        numerator: "Late",
        denominator: "All",
        histogram: "h",
        labels: {},
        laterThanSeconds: 3,
      },
    ]);
    const page = (count: number) =>
      `# TYPE h histogram\n${Array.from({ length: 150_000 }, (_, at) => `h_bucket{le="${at}.5"} ${at < 3 ? 0 : count}`).join("\n")}\nh_bucket{le="+Inf"} ${count}\nh_sum 1\nh_count ${count}\n`;
    expect(read(page(0))).toEqual({});
    expect(read(page(4))).toMatchObject({ All: 4, Late: 0 });
  });

  it("counts nothing where every bucket is below the bound", () => {
    const { read, told } = vllm({ firstTokenSeconds: 60, answerSeconds: 1 });
    read(fixture("vllm-minute-0.prom"));
    expect(read(fixture("vllm-minute-1.prom"))).not.toHaveProperty("ServerFirstTokens");
    expect(told.join()).toContain("has no bucket of 60 s or more");
  });

  it("reads MLServer's real pages: three answers and one failure, as they were asked", () => {
    const { read } = deltasOf(PRESETS["mlserver"]?.(BOUNDS) ?? []);
    expect(read(fixture("mlserver-before.prom"))).toEqual({});
    expect(read(fixture("mlserver-after.prom"))).toEqual({
      ServerFailures: 1,
      ServerRequests: 4,
      SlowServerAnswers: 0,
      ServerAnswers: 4,
    });
  });

  it("counts a series that is new on a later page from zero", () => {
    const { read } = deltasOf([failures]);
    read(page(['fine_total{model="a"} 10']));
    expect(read(page(['fine_total{model="a"} 15', 'failed_total{model="a"} 2']))).toEqual({
      Failed: 2,
      All: 7,
    });
  });

  it("counts anew what became smaller, and of the other series what they gained", () => {
    const { read } = deltasOf([failures]);
    read(page(['fine_total{engine="0"} 100', 'fine_total{engine="1"} 100']));
    expect(read(page(['fine_total{engine="0"} 103', 'fine_total{engine="1"} 4']))).toEqual({
      Failed: 0,
      All: 7,
    });
  });

  it("sees a restart by the start of the process where a counter has overtaken its old value", () => {
    const { read } = deltasOf([failures]);
    read(page(["process_start_time_seconds 1", "fine_total 3"]));
    expect(read(page(["process_start_time_seconds 99", "fine_total 5"]))).toEqual({ Failed: 0, All: 5 });
  });

  it("makes up with the next whole page for what one page lacks", () => {
    const { read } = deltasOf([failures]);
    read(page(["fine_total 10", "failed_total 1"]));
    expect(read(page(["failed_total 2"]))).toEqual({});
    expect(read(page(["fine_total 30", "failed_total 2"]))).toEqual({ Failed: 1, All: 21 });
    expect(read(page(["# TYPE fine_total counter", "failed_total 3"]))).toEqual({ Failed: 1, All: 1 });
    expect(read(page(["fine_total 31", "failed_total 3"]))).toEqual({ Failed: 0, All: 1 });
  });

  it("counts no value that is no number of events", () => {
    const { read } = deltasOf([failures]);
    read(page(["fine_total 10"]));
    expect(read(page(["fine_total NaN"]))).toEqual({ Failed: 0, All: 0 });
    expect(read(page(["fine_total +Inf"]))).toEqual({ Failed: 0, All: 0 });
    expect(read(page(["fine_total 1.2e1"]))).toEqual({ Failed: 0, All: 2 });
  });
});
