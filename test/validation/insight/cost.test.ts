import { describe, expect, test } from "vitest";
import {
  ALARM_KEYS,
  alarmSpec,
  JUDGING_ALARM_KEYS,
  type AlarmKey,
} from "../../../contract/alarms/alarm-catalog.ts";
import { serviceFields } from "../../../contract/config/sections.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { bill, USUAL, type BillLine } from "../../../validation/insight/cost/bill.ts";
import { PRICES, PRICES_AS_OF, type Price } from "../../../validation/insight/cost/prices.ts";
import { cost, type CostContext } from "../../../validation/insight/cost.ts";
import { showCost } from "../../../cli/view/cost.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";
import { World } from "../support/world.ts";
import { oneModel } from "../support/samples.ts";

const image = `repo@sha256:${"a1".repeat(32)}`;
const BLUE = { blue: { image, minTasks: 2, maxTasks: 6 } };
const BOTH = { ...BLUE, green: { image, minTasks: 2, maxTasks: 6 } };

const VPC = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-1", "subnet-2"],
  taskSubnetIds: ["subnet-3", "subnet-4"],
};

const metricsOf = (keys: readonly AlarmKey[]) =>
  keys
    .flatMap((key) => alarmSpec(key).queries(configOf({}).thresholds))
    .filter((query) => "metricName" in query).length;

function configOf(written: WrittenConfig): StackConfig {
  const parsed = parseConfig(rawConfig(written));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
/** CloudWatch asks for each metric of an alarm by itself: the error rate has six, the CPU one. */
const READ_BY_ALARMS = metricsOf(ALARM_KEYS);
const READ_BY_JUDGING = metricsOf(JUDGING_ALARM_KEYS);
const linesOf = (written: WrittenConfig) => bill(configOf(written), USUAL);
const of = (lines: readonly BillLine[], price: string) => lines.filter((line) => line.price === price);
const quantity = (lines: readonly BillLine[], price: string) =>
  of(lines, price).reduce((sum, line) => sum + line.quantity, 0);

describe("The bill", () => {
  test("of two tasks of half a vCPU and 1 GB, counted manually", () => {
    const usd = Object.fromEntries(linesOf(BLUE).map((line) => [line.price, line.usd.toFixed(2)]));
    expect(usd).toEqual({
      vcpuX86: "29.55", // 2 × 0.5 × 730 × 0.04048
      gbX86: "6.49", // 2 × 1 × 730 × 0.004445
      loadBalancer: "16.43", // 730 × 0.0225
      lcu: "5.84", // 730 × 0.008
      publicIp: "14.60", // (2 zones + 2 tasks) × 730 × 0.005
      alarmMetric: (READ_BY_ALARMS * 0.1).toFixed(2),
      compositeAlarm: "0.50",
      dashboard: "3.00",
      customMetric: "1.20", // 4 × 0.30
      // (9 releases × 4 steps × 10 min + 1 × 4 × 60) looks × (the alarms', requests, 2 slots × 11, 2 zones × 10) metrics
      metricsRead: ((600 * (READ_BY_JUDGING + 1 + 2 * 11 + 2 * 10) * 0.01) / 1000).toFixed(2),
      apiRequests: "0.01", // 600 checks × 2
      logsIngested: "2.50",
      logsKept: "0.15",
    });
  });

  test("has the metrics that signals make, and those that a check reads of them", () => {
    const log = (numerator: string) => ({ from: "log", numerator, denominator: "Answers" });
    const signals = [
      { name: "wrong", source: log("Wrong"), segments: { country: ["DE", "FR", "IT"] } },
      { name: "refused", source: log("Refused") },
      { name: "sureness", kind: "scores", source: { from: "log", numerator: "Sureness" } },
      { name: "corrected", source: { from: "command", command: ["rows"] } },
    ];
    const lines = linesOf({ ...BLUE, signals });
    // Of each slot Wrong and Answers by the whole and three countries, Refused, Sureness; Answers are the same ones.
    expect(quantity(lines, "customMetric")).toBe(4 + 2 * (2 * 4 + 1 + 1));
    const looks = 600;
    // Of each slot two by the whole and three countries, two, and ten tenths with their sum.
    const more = 2 * (2 * 4 + 2 + 11);
    const grown = quantity(lines, "metricsRead") - quantity(linesOf(BLUE), "metricsRead");
    expect(grown).toBeCloseTo((looks * more) / 1000, 9);
  });

  test("has the metrics that the active slot's agent makes, its shadow's among them, and no signal's twice", () => {
    const front = { streams: { stallSeconds: 10 }, paths: ["/predict"] };
    const service = { agent: { front, shadow: { paths: ["/predict"] } }, testCidrs: ["10.0.0.0/8"] };
    const testToken = "a".repeat(48);
    const of = (signals: readonly object[]) =>
      quantity(
        linesOf({ blue: { ...BLUE.blue, service: { agent: service.agent } }, service, signals, testToken }),
        "customMetric",
      );
    // Answers and what are refused of them, six of streams, the same for the path; nine of the shadow.
    expect(of([])).toBe(4 + 2 * (2 + 6) + 11);
    const cut = { name: "cut", source: { from: "agent", count: "cut-streams" } };
    // Of both slots cut streams and streams, instead of the active one's.
    expect(of([cut])).toBe(4 + 2 * (2 + 6) + 11 - 2 + 2 * 2);
  });

  test("has the two metrics a slot of labels, where they are compared", () => {
    const signals = [{ name: "wrong", source: { from: "labels", labelAfterMinutes: 60 } }];
    const lines = linesOf({ ...BLUE, signals, labels: { bucket: "fraud-state" } });
    expect(quantity(lines, "customMetric")).toBe(4 + 2 * 2);
  });

  test("doubles tasks and alarms with a standby, and nothing else but its addresses", () => {
    const [one, two] = [linesOf(BLUE), linesOf(BOTH)];
    const grown = [...new Set(two.map(({ price }) => price))].filter(
      (price) => quantity(two, price) !== quantity(one, price),
    );
    expect(grown).toEqual(["vcpuX86", "gbX86", "publicIp", "alarmMetric", "compositeAlarm"]);
    expect(quantity(two, "vcpuX86")).toBe(2 * quantity(one, "vcpuX86"));
  });

  test.each<readonly [string, object, number, number]>([
    // network, NAT gateways, public addresses
    ["no NAT: an address for each zone and each task", { nat: "none", zones: 3 }, 0, 5],
    ["one gateway with its address", { nat: "single", zones: 3 }, 1, 4],
    ["a gateway in each zone", { nat: "onePerZone", zones: 3 }, 3, 6],
    [
      "a gateway in each zone by name",
      { nat: "onePerZone", zoneNames: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
      3,
      6,
    ],
    ["a load balancer that nobody reaches from outside", { nat: "none", zones: 3, internal: true }, 0, 2],
    [
      "an existing VPC, whose gateways are not the stack's",
      { vpcId: "vpc-1", publicSubnetIds: ["subnet-1", "subnet-2"], taskSubnetIds: ["subnet-3", "subnet-4"] },
      0,
      2,
    ],
  ])("with %s", (_name, network, gateways, addresses) => {
    const lines = linesOf({ ...BLUE, network });
    expect(quantity(lines, "nat")).toBe(gateways * 730);
    expect(quantity(lines, "natGb")).toBe(gateways === 0 ? 0 : USUAL.natGb);
    expect(quantity(lines, "publicIp")).toBe(addresses * 730);
  });

  test("leaves out a load balancer that is shared, and not the requests through it", () => {
    const network = {
      vpcId: "vpc-1",
      taskSubnetIds: ["subnet-3", "subnet-4"],
      listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shared/2/3",
      hostHeaders: ["model.example.com"],
    };
    const lines = linesOf({ ...BLUE, network });
    expect(of(lines, "loadBalancer")).toEqual([]);
    expect(of(lines, "publicIp")).toEqual([]);
    expect(quantity(lines, "lcu")).toBe(730);
  });

  test("has prices of its own for every processor", () => {
    for (const architecture of serviceFields.architecture.allowed.split(" or ")) {
      const prices = linesOf({ ...BLUE, service: { architecture } }).map(({ price }) => price);
      expect(prices.slice(0, 2)).toEqual(
        architecture === "ARM64" ? ["vcpuArm", "gbArm"] : ["vcpuX86", "gbX86"],
      );
    }
  });

  test("takes of six tasks on Fargate Spot one on demand, and of the others four in five on Spot", () => {
    const six = { blue: { image, minTasks: 6, maxTasks: 6 } };
    for (const [architecture, name] of [
      ["X86_64", "X86"],
      ["ARM64", "Arm"],
    ]) {
      const lines = linesOf({ ...six, service: { capacity: "fargateSpot", architecture } });
      expect(quantity(lines, `vcpu${name}`)).toBe(2 * 0.5 * 730);
      expect(quantity(lines, `gb${name}`)).toBe(2 * 730);
      expect(quantity(lines, `vcpu${name}Spot`)).toBe(4 * 0.5 * 730);
      expect(quantity(lines, `gb${name}Spot`)).toBe(4 * 730);
    }
    const one = { blue: { image, minTasks: 1, maxTasks: 1 }, service: { capacity: "fargateSpot" } };
    expect(of(linesOf(one), "vcpuX86Spot")).toEqual([]);
    expect(quantity(linesOf(one), "vcpuX86")).toBe(0.5 * 730);
  });

  test("counts no tasks on instances, and no addresses of theirs", () => {
    const own = { capacity: "ec2", capacityProvider: "gpus" };
    const lines = linesOf({ ...BOTH, service: own, network: VPC });
    expect(lines.filter(({ price }) => price.startsWith("vcpu") || price.startsWith("gb"))).toEqual([]);
    expect(quantity(lines, "publicIp")).toBe(2 * 730);
    // One model of the two on instances: the other one is paid as ever.
    const mixed = linesOf({
      ...BLUE,
      green: { image, minTasks: 2, overrides: { capacity: "ec2" } },
      service: { capacityProvider: "gpus" },
      network: VPC,
    });
    expect(of(mixed, "vcpuX86").map(({ group }) => group)).toEqual(["blue, the active slot"]);
  });

  test("counts the overrides of a slot's own model", () => {
    const big = { image, minTasks: 1, overrides: { cpu: 2048, memory: 8192 } };
    const lines = linesOf({ ...BLUE, green: big });
    expect(quantity(lines, "vcpuX86")).toBe((2 * 0.5 + 2) * 730);
    expect(quantity(lines, "gbX86")).toBe((2 * 1 + 8) * 730);
  });
});

test("Every price says where it is from and when, and the table the newest of the dates", () => {
  const dates = Object.values<Price>(PRICES).map(({ asOf }) => asOf);
  for (const date of dates) expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(dates.toSorted().at(-1)).toBe(PRICES_AS_OF);
  for (const { source, confirmed } of Object.values<Price>(PRICES)) {
    expect(source.startsWith("aws.amazon.com/")).toBe(confirmed);
  }
});

describe("cost", () => {
  const context = (written: WrittenConfig | undefined, region = "us-east-1"): CostContext => ({
    store: { deployed: async () => undefined },
    checkout: async () => written && rawConfig(written),
    region,
  });

  test("prices what is deployed", async () => {
    const world = new World(oneModel());
    const checkout = () => Promise.reject(new Error("nobody asks for the checkout"));
    const outcome = await cost({ store: world.context().store, checkout, region: "us-east-1" }, USUAL);
    expect(outcome.of).toBe("the deployed configuration");
    expect(outcome.exitCode).toBe(0);
  });

  test("sums up its lines, and says what of it the standby is", async () => {
    const outcome = await cost(context(BOTH), USUAL);
    const sum = outcome.lines.reduce((before, { usd }) => before + usd, 0);
    expect(outcome.monthlyUsd).toBeCloseTo(sum, 6);
    expect(outcome.standbyMonthlyUsd).toBeCloseTo(29.5504 + 6.4897, 4);
    // Four more tasks on each slot, with an address each.
    expect(outcome.mostMonthlyUsd - outcome.monthlyUsd).toBeCloseTo(8 * (14.7752 + 3.24485 + 3.65), 4);
    expect(outcome.sentence).toContain("36.04 USD of it for the tasks of the standby");
  });

  test("says of a stack without a standby what a release will add", async () => {
    const retired = await cost(context({ ...BLUE, green: { image, minTasks: 0, maxTasks: 6 } }), USUAL);
    expect(retired.standbyMonthlyUsd).toBe(0);
    expect(retired.sentence).toContain("adds 36.04 USD a month");
    expect(retired.mostMonthlyUsd - retired.monthlyUsd).toBeCloseTo(4 * (14.7752 + 3.24485 + 3.65), 4);
  });

  test("says whose instances are not counted, and that Spot has the price of a day", async () => {
    const own = { capacity: "ec2", capacityProvider: "gpus" };
    const onInstances = await cost(context({ ...BOTH, service: own, network: VPC }), USUAL);
    expect(onInstances.assumptions).toContain(
      "the EC2 instances under the tasks of blue and green are your own and not in it",
    );
    expect(onInstances.sentence).toContain(
      "tasks of the standby or candidate, which run on your own instances",
    );
    const alone = await cost(context({ ...BLUE, service: own, network: VPC }), USUAL);
    expect(alone.sentence).toContain(
      "a release that stands compared with the active slot needs room for its tasks",
    );

    const spot = await cost(context({ ...BLUE, service: { capacity: "fargateSpot" } }), USUAL);
    expect(spot.assumptions.join()).toContain("on Fargate Spot all but one task of blue");
    expect(spot.prices.unconfirmed).toContain("vCPU-hour (Fargate Spot, x86)");
    const onDemand = await cost(context(BLUE), USUAL);
    expect(onDemand.assumptions.join()).not.toMatch(/Spot|EC2/);
    expect(spot.monthlyUsd).toBeLessThan(onDemand.monthlyUsd);
  });

  test("takes the checkout's file before the first deployment, and says so", async () => {
    const outcome = await cost(context(BLUE), USUAL);
    expect(outcome.of).toBe("the checkout's stack file, because the stack was never deployed");
  });

  test("says why when what is deployed cannot be read", async () => {
    const store = { deployed: () => Promise.reject(new Error("no backend")) };
    const outcome = await cost({ ...context(BLUE), store }, USUAL);
    expect(outcome.of).toContain("cannot be read: no backend");
  });

  test("has an error for a checkout without the file, and for one that the program would refuse", async () => {
    await expect(cost(context(undefined), USUAL)).rejects.toMatchObject({ code: "BG104" });
    await expect(cost(context({ greenWeight: 10 }), USUAL)).rejects.toMatchObject({ code: "BG102" });
  });

  test("shows what it assumed, which prices are not AWS's own words, and that another region differs", async () => {
    const shown = showCost(await cost(context(BLUE, "eu-central-1"), { ...USUAL, releases: 3 }));
    expect(shown).toContain("3 releases a month");
    expect(shown).toContain("prices of us-east-1; eu-central-1 differs");
    expect(shown).toMatch(/1 LCU on average .* LCU-hour$/m);
    expect(shown).toMatch(/dashboard .* dashboard-month \*$/m);
  });
});
