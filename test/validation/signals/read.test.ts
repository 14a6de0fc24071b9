import { describe, expect, it } from "vitest";
import { embeddedLine } from "../../../agent/lines/embedded.ts";
import type { Compared } from "../../../contract/release/compared.ts";
import type { MeasureRequest } from "../../../validation/measures.ts";
import { MINUTE, readable } from "../support/readable.ts";

const pair = (windows: Compared["windows"]): Compared => ({ active: "a", attempt: 1, windows });
/** What a request for a metric asks: `Wrong Sum Slot=green`. */
function asked({ queries: [query] }: MeasureRequest): string {
  if (query === undefined || !("metricName" in query) || !("dimensions" in query)) return "";
  const dimensions = Object.entries(query.dimensions).map(([name, value]) => `${name}=${value}`);
  return `${query.namespace} ${query.metricName} ${query.stat} ${dimensions.join(" ")}`;
}
const metricOf = ({ queries: [query] }: MeasureRequest) =>
  query !== undefined && "metricName" in query ? `${query.metricName} ${query.stat}` : "";
const signal = (name: string, source: object, more: object = {}) => ({ name, source, ...more });
const LOG = { from: "log", numerator: "Wrong", denominator: "Answers" };
const isOfGreen = (request: MeasureRequest) => /Slot=green|targetgroup\/green/.test(JSON.stringify(request));

/** Ten minutes after the split began, from a day before it on. */
const reading = (value: Parameters<typeof readable>[0], ...signals: readonly object[]) => {
  const world = readable(value, { signals });
  const memory = {};
  return {
    ...world,
    /** Two looks, a period apart: what both read the same counts. */
    series: async () => {
      await world.read(pair([{ from: world.at(0) }]), memory);
      world.world.clock.advance(MINUTE);
      const { data } = await world.read(pair([{ from: world.at(0) }]), memory);
      return data.signals ?? [];
    },
  };
};

it("a signal of the agent is read by path where the agent counts by path, as its lines have it", async () => {
  const refused = signal("refused", { from: "agent", count: "refusals" }, { segments: { path: ["/v1/*"] } });
  const service = { agent: { front: { paths: ["/v1/*"] } } };
  const { read, at, calls } = readable(() => undefined, { signals: [refused], service });
  await read(pair([{ from: at(0) }]));
  const found = calls.flatMap(({ requests }) => requests.map(asked));
  const counts = { Answers: 1, Refusals: 1 };
  const line = embeddedLine(
    { stack: "test", slot: "green", modelVersion: "", release: "" },
    { startMs: 0, path: "/v1/*", metrics: counts, notes: {} },
  );
  const { _aws, Stack, Slot, path } = JSON.parse(line ?? "");
  expect(_aws.CloudWatchMetrics[0]).toMatchObject({
    Namespace: "MlBlueGreen/Signals",
    Dimensions: [["Stack", "Slot", "path"]],
  });
  for (const name of Object.keys(counts)) {
    expect(found).toContain(`MlBlueGreen/Signals ${name} Sum Stack=${Stack} Slot=${Slot} path=${path}`);
  }
});

describe("a signal of the container's log", () => {
  it("is two sums of the stack's own namespace a slot, by the stack and the slot that its container was told", async () => {
    const { read, at, calls } = reading(() => undefined, signal("wrong", LOG));
    await read(pair([{ from: at(0) }]));
    const found = calls
      .flatMap(({ requests }) => requests.map(asked))
      .filter((one) => one.includes("Signals"));
    expect(found.toSorted()).toEqual([
      "MlBlueGreen/Signals Answers Sum Stack=test Slot=blue",
      "MlBlueGreen/Signals Answers Sum Stack=test Slot=green",
      "MlBlueGreen/Signals Wrong Sum Stack=test Slot=blue",
      "MlBlueGreen/Signals Wrong Sum Stack=test Slot=green",
    ]);
  });

  it("costs no call more than there are without signals, and a metric of two of them is read once", async () => {
    const refused = signal("refused", { ...LOG, numerator: "Refused" });
    const without = reading(() => undefined);
    const both = reading(() => undefined, signal("wrong", LOG), refused);
    for (const { read, at } of [without, both]) await read(pair([{ from: at(0) }]));
    expect(both.calls).toHaveLength(without.calls.length);
    const ids = both.calls.flatMap(({ requests }) => requests.map(asked));
    expect(ids.filter((one) => one.includes("Answers"))).toHaveLength(2);
  });

  it("is counted minute by minute on both slots, with the active slot's day before", async () => {
    const { series } = reading(
      (request) => {
        if (metricOf(request) === "Answers Sum") return isOfGreen(request) ? 60 : 540;
        return metricOf(request) === "Wrong Sum" ? (isOfGreen(request) ? 6 : 5) : 600;
      },
      signal("wrong", LOG),
    );
    const [wrong] = await series();
    expect(wrong?.minutes).toHaveLength(9);
    expect(wrong?.minutes[0]).toMatchObject({
      candidate: { exposure: 60, events: 6 },
      active: { exposure: 540, events: 5 },
    });
    expect(wrong?.history).toHaveLength(1440);
    expect(wrong?.held).toBeUndefined();
  });

  it("is counted by each value of its segments, too, as one more dimension", async () => {
    const segments = { country: ["DE", "FR"] };
    const { series, calls } = reading(
      (request) => (asked(request).includes("country=DE") ? 7 : 70),
      signal("wrong", LOG, { segments }),
    );
    const [wrong] = await series();
    expect(wrong?.segments.map(({ name, minutes }) => [name, minutes[0]?.candidate.exposure])).toEqual([
      ["country=DE", 7],
      ["country=FR", 70],
    ]);
    const found = calls.flatMap(({ requests }) => requests.map(asked));
    expect(found).toContain("MlBlueGreen/Signals Wrong Sum Stack=test Slot=green country=DE");
  });
});

describe("a signal of metrics of one's own", () => {
  const source = {
    from: "cloudwatch",
    namespace: "AWS/ApplicationELB",
    numerator: "HTTPCode_Target_4XX_Count",
    denominator: "requests",
    dimensions: { TargetGroup: "{targetGroup}", LoadBalancer: "{loadBalancer}" },
  };

  it("is read by the slot's own target group, and its requests are those that are read anyway", async () => {
    const { series, calls, world } = reading(
      (request) => (metricOf(request) === "RequestCount Sum" ? 60 : 3),
      signal("refused", source),
    );
    const [refused] = await series();
    expect(refused?.minutes[0]).toMatchObject({ candidate: { exposure: 60, events: 3 } });
    const { slots } = world.deployed().outputs;
    const found = calls.flatMap(({ requests }) => requests.map(asked));
    const named = found.filter((one) => one.includes("HTTPCode_Target_4XX_Count"));
    expect([...new Set(named)].toSorted()).toEqual(
      [slots.blue, slots.green].map(
        ({ targetGroupSuffix }) =>
          `AWS/ApplicationELB HTTPCode_Target_4XX_Count Sum TargetGroup=${targetGroupSuffix} LoadBalancer=app/lb/1`,
      ),
    );
  });
});

describe("a signal of which a slot says nothing holds, and says why", () => {
  const requests = (request: MeasureRequest) => (metricOf(request) === "RequestCount Sum" ? 60 : undefined);

  it("when the active slot never counted it: a wrong name looks like that", async () => {
    const { series } = reading(requests, signal("wrong", LOG));
    expect((await series())[0]?.held).toBe(
      "nothing was counted of blue in 9 minutes in which it had 540 requests, nor in the day before: there is nothing to compare with",
    );
  });

  it("when the candidate counts nothing of what the active slot counts of as many requests", async () => {
    const { series } = reading(
      (request) =>
        requests(request) ?? (metricOf(request) === "Answers Sum" && !isOfGreen(request) ? 30 : undefined),
      signal("wrong", LOG),
    );
    expect((await series())[0]?.held).toBe(
      "nothing was counted of green in 9 minutes in which it had 540 requests; about 270 were due",
    );
  });

  it("and not when so little was due that chance explains it", async () => {
    const { series, startMs } = reading(
      (request, atMs) =>
        requests(request) ??
        (metricOf(request) === "Answers Sum" && !isOfGreen(request) && atMs === startMs ? 3 : undefined),
      signal("wrong", LOG),
    );
    expect((await series())[0]?.held).toBeUndefined();
  });
});

describe("a signal of scores", () => {
  const scores = signal("sureness", { from: "log", numerator: "Sureness" }, { kind: "scores" });
  /** Percentiles of the numbers from 0 to 1, and a tenth of a hundred scores between any two bounds. */
  const uniform = (request: MeasureRequest) => {
    const [, stat = ""] = metricOf(request).split(" ");
    if (stat === "SampleCount") return 100;
    if (stat.startsWith("p")) return Number(stat.slice(1)) / 100;
    return stat.startsWith("TC(") ? 10 : undefined;
  };

  it("counts each tenth of the active slot's answers before the release, by the same bounds on both slots", async () => {
    const { series, calls } = reading(uniform, scores);
    const [sureness] = await series();
    const stats = calls.flatMap(({ requests }) => requests.filter(isOfGreen).map((one) => metricOf(one)));
    const counted = new Set(stats.filter((one) => one.startsWith("Sureness TC")));
    expect([...counted]).toEqual([
      "Sureness TC(:0.1)",
      ...Array.from({ length: 8 }, (_, at) => `Sureness TC(0.${at + 1}:0.${at + 2})`),
      "Sureness TC(0.9:)",
    ]);
    expect(sureness?.tenths).toHaveLength(10);
    expect(sureness?.tenths[3]?.[0]).toMatchObject({ candidate: { exposure: 100, events: 10 } });
    expect(sureness?.minutes[0]).toMatchObject({ candidate: { exposure: 100, events: 100 } });
    expect(sureness?.history[0]).toEqual({ exposure: 100, events: 10 });
    expect(sureness?.held).toBeUndefined();
  });

  it("takes its bounds in the call that reads the quantiles of the response times, once a release", async () => {
    const { read, at, calls, world } = reading(uniform, scores);
    const memory = {};
    await read(pair([{ from: at(0) }]), memory);
    const first = calls.length;
    world.clock.advance(MINUTE);
    await read(pair([{ from: at(0) }]), memory);
    const percentiles = calls.filter(({ requests }) =>
      requests.some((one) => metricOf(one).endsWith(" p50")),
    );
    expect(percentiles).toHaveLength(1);
    expect(percentiles[0]?.requests.map(metricOf)).toContain("TargetResponseTime p99");
    expect(calls.length).toBeGreaterThan(first);
  });

  it.each([
    [
      "too few answers before the release",
      () => 0.1,
      "the active slot had 144 scores in the day before; 300 are needed",
    ],
    [
      "too few different ones",
      (stat: string) => (stat === "SampleCount" ? 100 : stat.startsWith("p") ? 0.5 : 10),
      "too few different scores: more than a tenth of the active slot's are 0.5, so that ten tenths cannot be told apart",
    ],
    [
      "no percentiles, as CloudWatch has none of values below 0",
      (stat: string) => (stat === "SampleCount" ? 100 : undefined),
      "CloudWatch has no percentiles of it: each score is to be published by itself, and from 0 up",
    ],
    [
      "scores between no bounds, as one below 0 makes them",
      (stat: string) =>
        stat === "SampleCount" ? 100 : stat.startsWith("p") ? Number(stat.slice(1)) : undefined,
      "CloudWatch has more scores than it counts between the bounds, as where a score is below 0",
    ],
  ])("says that it has %s", async (_title, value, held) => {
    const { series } = reading((request) => {
      const [name, stat = ""] = metricOf(request).split(" ");
      return name === "Sureness" ? value(stat) : undefined;
    }, scores);
    expect((await series())[0]?.held).toBe(held);
  });
});

describe("the minutes of a signal settle as the load balancer's do", () => {
  const counted = (request: MeasureRequest) => (metricOf(request).startsWith("Requ") ? 60 : 6);

  it("a first look counts only what is five minutes old", async () => {
    const { read, at } = reading(counted, signal("wrong", LOG));
    const { data } = await read(pair([{ from: at(0) }]));
    expect(data.signals?.[0]?.minutes).toHaveLength(5);
  });

  it("a later one counts what two looks a period apart have read the same, two minutes after it ended", async () => {
    const { series } = reading(counted, signal("wrong", LOG));
    expect((await series())[0]?.minutes).toHaveLength(9);
  });

  it("a minute whose numerator comes later than its denominator waits, and so do those after it", async () => {
    let isLate = true;
    const { series, startMs } = reading(
      (request, atMs) => {
        const isSeventh = atMs === startMs + 7 * MINUTE;
        if (metricOf(request) === "Wrong Sum" && isSeventh && isLate) {
          isLate = false;
          return undefined;
        }
        return counted(request);
      },
      signal("wrong", LOG),
    );
    expect((await series())[0]?.minutes).toHaveLength(7);
  });
});
