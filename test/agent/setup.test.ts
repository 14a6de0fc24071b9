import { describe, expect, it } from "vitest";
import { readSetup } from "../../agent/config/setup.ts";

const TOLD = { STACK: "s", SLOT: "blue", PORT: "8080" };
const read = (agent: unknown, environment: Readonly<Record<string, string>> = {}) =>
  readSetup({ ...TOLD, AGENT: JSON.stringify(agent), ...environment });
const MODEL = { model: { port: 9000 } };

describe("what the agent is told", () => {
  it("is one JSON text; a port may be in an environment variable", () => {
    const setup = read(
      { model: { port: "MODEL_PORT" }, front: {}, scrape: { preset: "vllm" } },
      { MODEL_PORT: "9001" },
    );
    expect(setup).toMatchObject({
      identity: { stack: "s", slot: "blue", modelVersion: "", release: "" },
      periodMs: 60_000,
      modelPort: 9001,
      front: { port: 8080, streams: { firstTokenMs: 1000, stallMs: 10_000 } },
      scrape: { port: 9001, path: "/metrics", everyMs: 15_000 },
    });
    const scrape = { port: "METRICS_PORT", preset: "mlserver" };
    expect(read({ ...MODEL, scrape }, { METRICS_PORT: "8082" })).toMatchObject({ scrape: { port: 8082 } });
  });

  it("may name metrics of its own", () => {
    const counters = {
      numerator: "Errors",
      denominator: "Calls",
      events: [{ series: "calls_total", labels: { status: ["error", "timeout"] } }],
      among: [{ series: "calls_total" }],
    };
    const histogram = {
      numerator: "Slow",
      denominator: "Timed",
      histogram: "seconds",
      laterThanSeconds: 0.5,
    };
    expect(read({ ...MODEL, scrape: { metrics: [counters, histogram] } }).scrape?.metrics).toMatchObject([
      { kind: "counters", numerator: "Errors" },
      { kind: "histogram", laterThanSeconds: 0.5 },
    ]);
  });

  it.each([
    ["AGENT is no JSON text", { AGENT: "{" }],
    ["AGENT is not set", { AGENT: "" }],
    ["STACK is not set", { AGENT: JSON.stringify({ ...MODEL, front: {} }), STACK: "" }],
  ])("is refused in one line when %s", (message, environment) => {
    expect(() => readSetup({ ...TOLD, ...environment })).toThrow(message);
  });

  it.each([
    ["AGENT has no member fronts; it takes listen, model", { ...MODEL, fronts: {} }],
    ["AGENT has neither scrape nor front", MODEL],
    ["AGENT.model is missing", { front: {} }],
    ["AGENT.model.port is 70000; it takes a port", { model: { port: 70_000 }, front: {} }],
    ["AGENT.model.port is to be in NOWHERE, which is not set", { model: { port: "NOWHERE" }, front: {} }],
    [
      'AGENT.front.streams.stallSeconds is "5"; it takes a number',
      { ...MODEL, front: { streams: { stallSeconds: "5" } } },
    ],
    [
      "AGENT.front.user takes one of cookie and header",
      { ...MODEL, front: { user: { cookie: "a", header: "b" } } },
    ],
    ['AGENT.scrape.preset is "tgi"; it takes vllm, mlserver', { ...MODEL, scrape: { preset: "tgi" } }],
    ["AGENT.scrape names no preset, no metrics and no gpu", { ...MODEL, scrape: {} }],
    [
      "AGENT.scrape.metrics[0] needs histogram",
      { ...MODEL, scrape: { metrics: [{ numerator: "a", denominator: "b" }] } },
    ],
    [
      "AGENT has capture or shadow without front",
      { ...MODEL, scrape: { preset: "vllm" }, capture: { sample: 1 } },
    ],
    [
      "AGENT.capture.sample is 101; it takes a number from 0 to 100",
      { ...MODEL, front: {}, capture: { sample: 101 } },
    ],
    ["AGENT.capture.fields is", { ...MODEL, front: {}, capture: { sample: 1, fields: ["body"] } }],
    ["AGENT.shadow.url is missing", { ...MODEL, front: {}, shadow: { sample: 1, paths: ["/"] } }],
    ["AGENT.shadow.paths is missing", { ...MODEL, front: {}, shadow: { sample: 1, url: "http://a" } }],
    [
      "AGENT.shadow.headers.x-slot-token is to be in TOKEN, which is not set",
      {
        ...MODEL,
        front: {},
        shadow: { sample: 1, url: "http://a", paths: ["/"], headers: { "x-slot-token": "TOKEN" } },
      },
    ],
  ])("is refused: %s", (message, agent) => {
    expect(() => read(agent)).toThrow(message);
  });
});
