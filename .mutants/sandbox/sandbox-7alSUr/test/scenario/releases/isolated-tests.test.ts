import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { STOPPED_BY_TEST } from "../support/variants.ts";
import { aStack, type World } from "../support/world.ts";

const LONG = 120_000;
const USERS = 20;

interface CheckSeen {
  readonly name: string;
  readonly answer: string;
  readonly reason: string;
}

describe("given digits:1 on blue, and candidates on green that nobody uses yet", () => {
  let world: World;
  let cloudWatch: CloudWatchClient;
  beforeAll(async () => {
    world = await aStack({ speed: 60, blue: { image: "digits:1", modelVersion: "1" } });
    cloudWatch = new CloudWatchClient(world.see.sdk);
    await world.ask(USERS);
  }, LONG);
  afterAll(async () => {
    cloudWatch.destroy();
    await world.close();
  }, LONG);

  /** Deploys a model, tests it, and answers with the checks that did not pass. */
  const tested = async (image: string, version: string) => {
    expect(await world.deploy(image, version)).toMatchObject({ exitCode: 0, slot: "green" });
    const ran = await world.run("test", "--json");
    // The shape of what `test` prints.
    const { outcome, checks } = JSON.parse(ran.stdout) as { outcome: string; checks: CheckSeen[] };
    const bad = checks.filter(({ answer }) => answer !== "pass");
    return { exitCode: ran.exitCode, outcome, checks, bad, stopping: bad.map(({ name }) => name) };
  };
  const requests = async (use: "targetGroupArn" | "testTargetGroupArn", slot: Slot) => {
    const { slots, loadBalancerSuffix } = await world.see.outputs();
    const dimensions = { LoadBalancer: loadBalancerSuffix, TargetGroup: slots[slot][use].split(":").at(-1) };
    const { MetricDataResults = [] } = await cloudWatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [
          {
            Id: "requests",
            MetricStat: {
              Metric: {
                Namespace: "AWS/ApplicationELB",
                MetricName: "RequestCount",
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: 60,
              Stat: "Sum",
            },
          },
        ],
        StartTime: new Date(Date.now() - 86_400_000),
        EndTime: new Date(Date.now() + 7 * 86_400_000),
      }),
    );
    return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
  };
  const production = async () =>
    Object.fromEntries(
      await Promise.all(SLOTS.map(async (slot) => [slot, await requests("targetGroupArn", slot)] as const)),
    );
  const UNTOUCHED = { blue: USERS, green: 0 };

  it(
    "the preprocessing mismatch, which answers fast and with 200, is stopped by its accuracy",
    async () => {
      const { exitCode, outcome, stopping, bad } = await tested("digits:2-preprocessing-mismatch", "2");
      expect({ exitCode, outcome, stopping }).toEqual({
        exitCode: 10,
        outcome: "failed",
        stopping: STOPPED_BY_TEST["digits:2-preprocessing-mismatch"],
      });
      expect(bad[0]?.reason).toBe("23.5 % of 400 answers are right, needed are 80.0 %");
      expect(await world.rollout()).toMatchObject({ exitCode: 10, error: { code: "BG182" } });
      expect(await world.see.live()).toEqual({ blue: 100, green: 0 });
      expect(await production()).toEqual(UNTOUCHED);
    },
    LONG,
  );

  it(
    "the one in five that fails is stopped by its failures",
    async () => {
      const { outcome, stopping, bad } = await tested("digits:3-flaky", "3");
      expect({ outcome, stopping }).toEqual({
        outcome: "failed",
        // On a busy machine what is left of its answers may not show how fast it is.
        stopping: expect.arrayContaining([...STOPPED_BY_TEST["digits:3-flaky"]]),
      });
      expect(bad[0]?.reason).toMatch(
        /^80 of 400 valid requests failed \(such as 500: \{"error":.*\), allowed are 5\.0 %$/,
      );
      expect(await production()).toEqual(UNTOUCHED);
    },
    LONG,
  );

  it(
    "the good one passes, in an update that changes no resource",
    async () => {
      const { exitCode, outcome, bad } = await tested("digits:2", "2");
      expect({ exitCode, outcome, bad }).toEqual({ exitCode: 0, outcome: "passed", bad: [] });
      const [update] = await world.see.history();
      expect(update?.message).toMatch(/^bluegreen: release v2-g\d+: pre-traffic tests passed$/);
      expect(Object.keys(update?.resourceChanges ?? {}).toSorted()).toEqual(["same"]);
    },
    LONG,
  );

  it(
    "the one that gets slower and slower is stopped by its latency",
    async () => {
      // It answers ever later until the time of the measurement is over; this much already proves it.
      await world.pulumi("config", "set", "--path", "suite.measureSeconds", "12");
      await world.pulumi("config", "set", "--path", "suite.loadSeconds", "5");
      await world.pulumi("up", "--yes", "--skip-preview");
      const { outcome, bad } = await tested("digits:3-slow", "3");
      expect(outcome).toBe("failed");
      const failed = bad.filter(({ answer }) => answer === "fail").map(({ name }) => name);
      expect(failed).toEqual(expect.arrayContaining([...STOPPED_BY_TEST["digits:3-slow"]]));
    },
    LONG,
  );

  it(
    "of all of that, production saw nothing: requests counted on the test groups alone, and no alarm of theirs",
    async () => {
      expect(await production()).toEqual(UNTOUCHED);
      for (const slot of SLOTS) expect(await requests("testTargetGroupArn", slot)).toBeGreaterThan(1200);
      const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
      const ofRequests = MetricAlarms.filter(({ AlarmName }) => /-(error|slow)-rate$/.test(AlarmName ?? ""));
      expect(ofRequests.map(({ StateValue }) => StateValue)).toEqual(["OK", "OK", "OK", "OK"]);
    },
    LONG,
  );
});
