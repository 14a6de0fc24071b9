import { describe, expect, it } from "vitest";
import { evaluateMath } from "../../metrics/math.ts";
import { parseMath } from "../../metrics/math-parse.ts";
import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

const MINUTE_MS = 60_000;
const EVER = { StartTime: new Date(0), EndTime: new Date(4e12) };
const stat = (Id: string, Period = 60) => ({
  Id,
  MetricStat: { Metric: { Namespace: "App", MetricName: "M" }, Period, Stat: "Sum" },
});
const math = (Id: string, Expression: string) => ({ Id, Expression });

function setUp() {
  const clock = new ManualClock();
  const store = createMetricStore({ clock });
  const { operations } = createCloudWatch({ clock, region: "us-east-1", store });
  const call = (name: string, input: Record<string, unknown>) => operations[name]?.(input);
  call("PutMetricData", { Namespace: "App", MetricData: [{ MetricName: "M", Value: 7 }] });
  clock.advance(2 * MINUTE_MS);
  const get = (MetricDataQueries: readonly object[], range: object = EVER) =>
    call("GetMetricData", { ...range, MetricDataQueries });
  return { clock, call, get };
}

describe("one GetMetricData", () => {
  it("over all times costs what is stored, when it asks for statistics alone", () => {
    const { get } = setUp();
    // A second each would be 4 · 10^9 turns of a loop.
    expect(get([stat("m"), stat("n", 300)])).toMatchObject({
      MetricDataResults: [{ Values: [7] }, { Values: [7] }],
    });
  });

  it("over all times is refused with FILL, in the words of AWS", () => {
    const { get } = setUp();
    expect(() => get([stat("m"), math("e", "FILL(m, 0)")])).toThrow(
      expect.objectContaining({
        code: "InvalidParameterCombinationException",
        message: expect.stringMatching(
          /^You have requested up to \d{8} datapoints, which exceeds the limit of 100800\./,
        ),
      }),
    );
  });

  it("may fill 100,800 periods of all its queries together, and not two more", () => {
    const { clock, get } = setUp();
    const EndTime = new Date(clock.now());
    const since = (minutes: number) => ({ StartTime: new Date(clock.now() - minutes * MINUTE_MS), EndTime });
    const queries = [{ ...stat("m"), ReturnData: false }, math("e", "FILL(m, 0)")];
    expect(get(queries, since(50_400))).toMatchObject({
      MetricDataResults: [{ Values: { length: 50_400 } }],
    });
    expect(() => get(queries, since(50_401))).toThrow("up to 100802 datapoints");
  });

  it("computes a query once, however many others use it, and they each other", () => {
    const { clock, get } = setUp();
    const doubled = Array.from({ length: 60 }, (_, i) =>
      math(`e${i}`, i === 0 ? "m + m" : `e${i - 1} + e${i - 1}`),
    );
    const range = { StartTime: new Date(clock.now() - 5 * MINUTE_MS), EndTime: new Date(clock.now()) };
    const { MetricDataResults } = get([stat("m"), ...doubled], range) as {
      readonly MetricDataResults: readonly { readonly Values: readonly number[] }[];
    };
    expect(MetricDataResults.at(-1)?.Values).toEqual([7 * 2 ** 60]);
  });

  it("is refused when it would compute for a long time all the same", () => {
    const { clock, get } = setUp();
    const range = { StartTime: new Date(clock.now() - 50_000 * MINUTE_MS), EndTime: new Date(clock.now()) };
    const heavy = Array.from({ length: 30 }, () => "FILL(m,0)").join("+");
    expect(() => get([stat("m"), math("e", heavy)], range)).toThrow("metric math of more than 2000000 steps");
  });

  it.each([
    ["parentheses", `${"(".repeat(1000)}m${")".repeat(1000)}`],
    ["signs", `${"-".repeat(2000)}m`],
    ["calls", `${"ABS(".repeat(400)}m${")".repeat(400)}`],
    ["lists", `${"[".repeat(1000)}m${"]".repeat(1000)}`],
  ])("says that %s are nested too deep, and does not overflow", (_, expression) => {
    expect(() => setUp().get([stat("m"), math("e", expression)])).toThrow(
      "Error in expression 'e': an expression is nested at most 100 deep here",
    );
  });

  it("is refused with 501 queries", () => {
    const many = Array.from({ length: 501 }, (_, i) => stat(`m${i}`));
    expect(() => setUp().get(many)).toThrow("Member must have length less than or equal to 500");
  });
});

it("one GetMetricStatistics gives at most 1,440 datapoints", () => {
  const { call } = setUp();
  const input = { Namespace: "App", MetricName: "M", Period: 60, Statistics: ["Sum"], ...EVER };
  expect(() => call("GetMetricStatistics", input)).toThrow(
    "You have requested up to 66666667 datapoints, which exceeds the limit of 1440.",
  );
});

it("MIN and MAX of a series are those of 100,800 points", () => {
  const points = new Map(Array.from({ length: 100_800 }, (_, i) => [i, i] as const));
  const context = { resolve: () => points, timestampsMs: [...points.keys()], work: () => {} };
  expect(evaluateMath(parseMath("m * 0 + MAX(m) - MIN(m)"), context).get(0)).toBe(100_799);
});
