import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALARM_KEYS, alarmSpec } from "../../contract/alarms/alarm-catalog.ts";
import { RELEASE_NAMESPACE } from "../../contract/release/release-metrics.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { queriesOf } from "../../validation/adapters/metrics.ts";
import { cannotJudge, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";
import { NAMES, STACK } from "./support/stack.ts";

const place = {
  loadBalancerSuffix: "app/lb/1",
  targetGroupSuffix: "targetgroup/blue/1",
  clusterName: "cluster",
  serviceName: "blue",
};

describe.skipIf(WITHOUT_MOTO !== "")(`alarms and metrics on moto${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let cloudWatch: CloudWatchClient;
  beforeAll(async () => {
    moto = await startMoto();
    cloudWatch = new CloudWatchClient(moto.client);
  });
  afterAll(() => moto?.stop());

  it("every alarm of the catalogue is taken, and read back with its state and reason", async () => {
    const config = parseConfig({});
    if (!config.ok) throw new Error("the defaults are refused");
    const { thresholds } = config.config;
    for (const key of ALARM_KEYS) {
      const spec = alarmSpec(key);
      const queries = spec.queries(thresholds);
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: NAMES.alarm("green", key),
          ComparisonOperator: spec.comparison,
          Threshold: spec.threshold(thresholds),
          DatapointsToAlarm: spec.datapointsToAlarm,
          EvaluationPeriods: spec.evaluationPeriods,
          TreatMissingData: spec.treatMissingData,
          Metrics: queriesOf({ id: key, queries, periodSeconds: spec.periodSeconds, place }, 0),
        }),
      );
    }
    const names = ALARM_KEYS.map((key) => NAMES.alarm("green", key));
    const { alarms } = awsPorts(moto.client);
    const read = await alarms.read([...names, "nobody's"]);
    expect(read.map(({ name }) => name).sort()).toEqual([...names].sort());
    await cloudWatch.send(
      new SetAlarmStateCommand({
        AlarmName: names[0],
        StateValue: "ALARM",
        StateReason: "0.2 was greater than the threshold 0.05",
      }),
    );
    const [alarm] = await alarms.read(names.slice(0, 1));
    expect(alarm).toMatchObject({ state: "ALARM", reason: "0.2 was greater than the threshold 0.05" });
  });

  it("what a step tells is kept under the stack's name", async () => {
    const { publisher } = awsPorts(moto.client);
    const split = { blue: 75, green: 25 };
    await publisher.publish({ stack: STACK, atMs: Date.now(), split, step: 1, verdict: "hold" });
    const { Metrics = [] } = await cloudWatch.send(new ListMetricsCommand({ Namespace: RELEASE_NAMESPACE }));
    expect(Metrics.map(({ MetricName }) => MetricName).sort()).toEqual(["Share", "Share", "Step", "Verdict"]);
    const { Datapoints = [] } = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: RELEASE_NAMESPACE,
        MetricName: "Step",
        Dimensions: [{ Name: "Stack", Value: STACK }],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
        Period: 60,
        Statistics: ["Maximum"],
      }),
    );
    expect(Datapoints).toMatchObject([{ Maximum: 1 }]);
  });

  it("a dashboard's body is taken as JSON", async () => {
    const body = {
      widgets: [{ type: "text", x: 0, y: 0, width: 6, height: 2, properties: { markdown: "a" } }],
    };
    const put = new PutDashboardCommand({
      DashboardName: NAMES.dashboard,
      DashboardBody: JSON.stringify(body),
    });
    expect((await cloudWatch.send(put)).DashboardValidationMessages ?? []).toEqual([]);
  });

  cannotJudge("composite alarms", "has no PutCompositeAlarm (cloudwatch/responses.py)");
  cannotJudge("when an alarm changes its state", "never evaluates one (cloudwatch/models.py, FakeAlarm)");
  cannotJudge(
    "since when an alarm is in its state",
    "answers StateUpdatedTimestamp and no StateTransitionedTimestamp (cloudwatch/models.py, FakeAlarm)",
  );
  cannotJudge(
    "metric math",
    "knows an expression that is the id of a query, and answers any other with no points (cloudwatch/metric_data_expression_parser.py)",
  );
});
