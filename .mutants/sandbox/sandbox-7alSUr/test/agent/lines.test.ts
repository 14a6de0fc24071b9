import { describe, expect, it } from "vitest";
import { SIGNAL_DIMENSIONS, SIGNAL_NAMESPACE } from "../../contract/signals/signal.ts";
import { readEmbedded } from "../../packages/local-cloud/metrics/embedded.ts";
import { ask, MINUTE_MS, startAgentFor, startModel } from "./support/running.ts";

describe("the agent's lines", () => {
  it("are read as metrics of the stack's slot by CloudWatch's rules, in the minute that they count", async () => {
    const model = await startModel((_, res) => res.writeHead(404).end());
    const { port, clock, lines } = await startAgentFor(model.port, { front: { paths: ["/a"] } });
    await ask(port, "/a");
    clock.advance(MINUTE_MS);
    await ask(port, "/b");
    clock.advance(MINUTE_MS);
    const dimensions = { [SIGNAL_DIMENSIONS.stack]: "digits-prod", [SIGNAL_DIMENSIONS.slot]: "blue" };
    const datum = (metricName: string, more = {}) => ({
      series: {
        namespace: SIGNAL_NAMESPACE,
        metricName,
        unit: "Count",
        dimensions: { ...dimensions, ...more },
      },
      values: [1],
    });
    const start = Date.UTC(2026, 0, 1);
    expect(lines.map(readEmbedded).filter((line) => line !== undefined)).toEqual([
      { kind: "metrics", timestampMs: start, data: [datum("Answers"), datum("Refusals")] },
      {
        kind: "metrics",
        timestampMs: start,
        data: [datum("Answers", { path: "/a" }), datum("Refusals", { path: "/a" })],
      },
      { kind: "metrics", timestampMs: start + MINUTE_MS, data: [datum("Answers"), datum("Refusals")] },
    ]);
  });
});
