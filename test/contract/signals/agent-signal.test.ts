import { describe, expect, it } from "vitest";
import { WrongSetting } from "../../../agent/config/fields.ts";
import { readSetup } from "../../../agent/config/setup.ts";
import { PRESETS } from "../../../agent/scrape/presets.ts";
import { SCRAPE_PRESETS } from "../../../contract/agent/scrape-options.ts";
import { AGENT_COUNTS } from "../../../contract/signals/agent-counts.ts";
import { problemsOf, TOKEN } from "../support/raw.ts";

const signal = (count: string, more: object = {}) => ({
  name: "own",
  source: { from: "agent", count },
  ...more,
});
const problemsWith = (agent: object, ...signals: readonly object[]) =>
  problemsOf({ service: { agent }, signals });
const keysWith = (agent: object, ...signals: readonly object[]) =>
  problemsWith(agent, ...signals).map(({ key }) => key);

const OF_FRONT = [
  "cut-streams",
  "stalled-streams",
  "empty-streams",
  "broken-streams",
  "slow-first-tokens",
  "refusals",
];
const FULL = { front: { user: { cookie: "session" } }, scrape: { preset: "vllm" } };

describe("a signal of the agent", () => {
  it("may read whatever an agent counts that does all of it", () => {
    for (const count of Object.keys(AGENT_COUNTS)) expect(keysWith(FULL, signal(count))).toEqual([]);
  });

  it.each([
    ["front", { front: {} }, OF_FRONT],
    ["front and users", { front: { user: { header: "x-user" } } }, [...OF_FRONT, "failed-users"]],
    ["the page of MLServer", { scrape: { preset: "mlserver" } }, ["server-failures", "slow-server-answers"]],
    [
      "metrics that are called so",
      {
        scrape: {
          metrics: [
            {
              numerator: "ServerFailures",
              denominator: "ServerRequests",
              events: [{ series: "a" }],
              among: [{ series: "b" }],
            },
          ],
        },
      },
      ["server-failures"],
    ],
  ])("is refused where no part of it counts that; with %s there is this alone", (_with, agent, counted) => {
    const taken = Object.keys(AGENT_COUNTS).filter((count) => keysWith(agent, signal(count)).length === 0);
    expect(taken).toEqual(counted);
  });

  it("is told what it needs, and with what command that comes", () => {
    expect(problemsWith({ front: {} }, signal("failed-users"))).toMatchObject([
      {
        key: "signals[0].source.count",
        got: "failed-users",
        allowed: expect.stringMatching(
          /^what service.agent counts \(cut-streams or .*\): failed-users needs service.agent.front.user/,
        ),
        fix: "pulumi config set --path service.agent.front.user.cookie <name>",
      },
    ]);
  });

  it("cannot be of a shadow, which is over before anything is compared", () => {
    expect(problemsWith({ front: {} }, signal("shadow-disagreement"))).toMatchObject([
      { key: "signals[0].source.count" },
    ]);
  });

  it("may be compared by the paths that the agent counts by themselves, and by nothing else", () => {
    const agent = { front: { paths: ["/predict", "/v1/*"], user: { cookie: "session" } } };
    const by = (segments: object, count = "refusals") => keysWith(agent, signal(count, { segments }));
    expect(by({ path: ["/predict", "/v1/*"] })).toEqual([]);
    expect(by({ path: ["/other"] })).toEqual(["signals[0].segments"]);
    expect(by({ country: ["DE"] })).toEqual(["signals[0].segments"]);
    expect(by({ path: ["/predict"] }, "failed-users")).toEqual(["signals[0].segments"]);
  });
});

describe("what is read of a server's page", () => {
  it("has the presets that the agent's program has, and refuses every other with their names", () => {
    expect(SCRAPE_PRESETS).toEqual(Object.keys(PRESETS));
    expect(problemsWith({ scrape: { preset: "vlm" } })).toMatchObject([
      {
        key: "service.agent.scrape.preset",
        got: "vlm",
        allowed: expect.stringMatching(/^vllm or mlserver/),
        fix: "pulumi config set --path service.agent.scrape.preset vllm",
      },
    ]);
  });

  const NAMES = { numerator: "Errors", denominator: "Calls" };
  const SERIES = [{ series: "calls_total" }];
  it.each([
    [
      "counters",
      { ...NAMES, events: [{ series: "calls_total", labels: { status: ["error"] } }], among: SERIES },
      true,
    ],
    ["a histogram", { ...NAMES, histogram: "call_seconds", laterThanSeconds: 0.5 }, true],
    [
      "a histogram of some",
      { ...NAMES, histogram: "s", labels: { method: ["POST"] }, laterThanSeconds: 1 },
      true,
    ],
    ["one name", { numerator: "Errors", events: SERIES, among: SERIES }, false],
    ["no series", { ...NAMES, events: [], among: SERIES }, false],
    ["a series without a name", { ...NAMES, events: [{ labels: {} }], among: SERIES }, false],
    ["a histogram without a bound", { ...NAMES, histogram: "s" }, false],
    ["an unknown member", { ...NAMES, events: SERIES, among: SERIES, slow: true }, false],
    ["nothing", {}, false],
  ])("is taken and refused in preview as the agent's program does: %s", (_what, metric, isTaken) => {
    const agent = { scrape: { metrics: [metric] } };
    expect(keysWith(agent)).toEqual(isTaken ? [] : ["service.agent.scrape.metrics[0]"]);
    const told = { STACK: "a/b", SLOT: "blue", AGENT: JSON.stringify({ model: { port: 1 }, ...agent }) };
    if (isTaken) expect(readSetup(told).scrape?.metrics).toHaveLength(1);
    else expect(() => readSetup(told)).toThrow(WrongSetting);
  });

  it("may be called what CloudWatch takes as a name", () => {
    const metric = { numerator: "Fehlerhäufigkeit", denominator: "Calls", events: SERIES, among: SERIES };
    expect(keysWith({ scrape: { metrics: [metric] } })).toEqual(["service.agent.scrape.metrics[0]"]);
  });

  it("stays as it is beside a model that runs: its copy is not asked again", () => {
    const image = `repo@sha256:${"a1".repeat(32)}`;
    const blue = { image, modelVersion: "1", service: { agent: { scrape: { preset: "vlm" } } } };
    expect(problemsOf({ blue })).toEqual([]);
  });
});

it("what GPUs do is compared where the agent reads it from a page, and only there", () => {
  const signal = { name: "gpu", source: { from: "resources", of: "gpu" } };
  const gpu = { series: "nv_gpu_utilization", labels: { model: ["fraud"] }, most: 1 };
  expect(keysWith({ scrape: { gpu } }, signal)).toEqual([]);
  expect(keysWith({ scrape: { preset: "vllm" } }, signal)).toEqual(["signals[0].source.of"]);
  expect(problemsOf({ signals: [signal] }).map(({ key }) => key)).toEqual(["signals[0].source.of"]);
  const told = { STACK: "a/b", SLOT: "blue", AGENT: JSON.stringify({ model: { port: 1 }, scrape: { gpu } }) };
  expect(readSetup(told).scrape?.gpu).toEqual(gpu);
});

it("a body that no line of a log can hold is not asked for", () => {
  const capture = (maxBytes: number) => ({ front: {}, capture: { sample: 1, maxBytes } });
  expect(problemsWith(capture(20_000))).toMatchObject([
    {
      key: "service.agent.capture.maxBytes",
      fix: "pulumi config set --path service.agent.capture.maxBytes 16000",
    },
  ]);
  expect(keysWith(capture(16_000))).toEqual([]);
});

describe("the limit of paid metrics", () => {
  const paths = Array.from({ length: 20 }, (_, index) => `/v${index}`);

  it("counts those of the agent, too, and its command passes", () => {
    const [only, ...more] = problemsWith({ front: { paths } }, signal("refusals"));
    expect(more).toEqual([]);
    expect(only?.got).toBe(
      "336: 4 = 2 slots × (own: 2 metrics × 1), and 2 slots × 166 of service.agent paid metrics",
    );
    expect(only?.fix).toBe("pulumi config set --path rollout.signalMetricsLimit 336");
    const rollout = { signalMetricsLimit: 336 };
    expect(
      problemsOf({ service: { agent: { front: { paths } } }, signals: [signal("refusals")], rollout }),
    ).toEqual([]);
  });

  it("has the shadow's once, and nothing of what a deployed model has", () => {
    const agent = { front: {}, shadow: { paths: ["/predict"] } };
    const rollout = { signalMetricsLimit: 24 };
    expect(
      problemsOf({ service: { agent, testCidrs: ["10.0.0.0/8"] }, testToken: TOKEN, rollout }),
    ).toMatchObject([
      { got: "27: 0 = 2 slots × (none), and 2 slots × 8 of service.agent + 11 of its shadow paid metrics" },
    ]);
    const blue = {
      image: `repo@sha256:${"a1".repeat(32)}`,
      modelVersion: "1",
      service: { agent: { front: { paths } } },
    };
    expect(problemsOf({ blue })).toEqual([]);
  });
});
