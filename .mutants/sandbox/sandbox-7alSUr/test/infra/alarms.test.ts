import { describe, expect, test } from "vitest";
import { ALARM_KEYS, alarmSpec } from "../../contract/alarms/alarm-catalog.ts";
import { namesFor } from "../support/project.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { find, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { ONE_SLOT, OTHER_IMAGE, TWO_SLOTS, TYPE } from "./configs.ts";

const dimensionsOf = (run: ProgramRun) => {
  const outputs = parseOutputs(run.outputs);
  const { targetGroupSuffix, running } = outputs?.slots.green ?? {};
  return {
    targetGroup: {
      namespace: "AWS/ApplicationELB",
      dimensions: { LoadBalancer: outputs?.loadBalancerSuffix, TargetGroup: targetGroupSuffix },
    },
    service: {
      namespace: "AWS/ECS",
      dimensions: { ClusterName: outputs?.clusterName, ServiceName: running?.serviceName },
    },
  };
};

describe("A running slot's alarms", () => {
  test("are those of the catalogue, on the slot's own group and service", async () => {
    const run = await runProgram({ ...TWO_SLOTS, thresholds: { maxErrorRate: "0.02", slowSeconds: 2.5 } });
    const measured = dimensionsOf(run);
    const thresholds = {
      maxErrorRate: 0.02,
      maxSlowRate: 0.1,
      slowSeconds: 2.5,
      maxCpuUtilization: 90,
      maxMemoryUtilization: 90,
      minRequestsPerMinute: 20,
    };
    for (const key of ALARM_KEYS) {
      const spec = alarmSpec(key);
      const queries = spec.queries(thresholds).map((query, index, all) => {
        const returnData = index === all.length - 1;
        if ("expression" in query) return { ...query, label: spec.title, returnData };
        const { scope, ...metric } = query;
        const { id, ...what } = metric;
        return { id, metric: { ...what, ...measured[scope], period: 60 }, returnData };
      });
      expect(find(run, `${TYPE.alarm}::green-${key}`).inputs).toEqual({
        name: `fraud-model_dev_k3f9ab-green-${key}`,
        alarmDescription: `green: ${spec.title}`,
        comparisonOperator: spec.comparison,
        threshold: spec.threshold(thresholds),
        datapointsToAlarm: spec.datapointsToAlarm,
        evaluationPeriods: spec.evaluationPeriods,
        treatMissingData: spec.treatMissingData,
        ...(spec.treatMissingData === "breaching"
          ? {
              warmUpConfiguration: {
                warmUpPeriodDurationInMinutes: 16,
                onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
              },
            }
          : {}),
        metricQueries: queries,
        tags: { "deploy:stack": "dev", "deploy:project": "fraud-model", "deploy:slot": "green" },
      });
    }
  });

  test("the rates of failures, spelled out: what the slot did itself, and what went unanswered", async () => {
    const run = await runProgram({ ...TWO_SLOTS, thresholds: { minRequestsPerMinute: 50 } });
    const { namespace, dimensions } = dimensionsOf(run).targetGroup;
    const metric = (id: string, metricName: string) => ({
      id,
      metric: { namespace, metricName, dimensions, stat: "Sum", period: 60 },
      returnData: false,
    });
    const answers = [
      metric("ok", "HTTPCode_Target_2XX_Count"),
      metric("redirects", "HTTPCode_Target_3XX_Count"),
      metric("refusals", "HTTPCode_Target_4XX_Count"),
      metric("errors", "HTTPCode_Target_5XX_Count"),
    ];
    const { metric: of, ...hidden } = metric("healthy", "HealthyHostCount");
    const published = { ...hidden, metric: { ...of, stat: "Maximum" } };
    const good = "FILL(ok, 0) + FILL(redirects, 0) + FILL(refusals, 0)";
    const bad = "FILL(errors, 0) + FILL(refused, 0)";
    expect(find(run, `${TYPE.alarm}::green-error-rate`).inputs).toMatchObject({
      threshold: 0.05,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "missing",
      datapointsToAlarm: 3,
      evaluationPeriods: 8,
      metricQueries: [
        ...answers,
        metric("refused", "TargetConnectionErrorCount"),
        published,
        {
          id: "rate",
          expression: `IF(healthy >= 0, IF(${good} + ${bad} >= 50, (${bad}) / (${good} + ${bad}), 0))`,
          returnData: true,
        },
      ],
    });
    expect(find(run, `${TYPE.alarm}::green-unanswered-rate`).inputs).toMatchObject({
      threshold: 0.05,
      metricQueries: [
        metric("requests", "RequestCount"),
        ...answers,
        published,
        {
          id: "rate",
          expression: `IF(healthy >= 0, IF(FILL(requests, 0) >= 50, (requests - (${good} + FILL(errors, 0))) / requests, 0))`,
          returnData: true,
        },
      ],
    });
  });

  test("page through one composite, which names each that pages", async () => {
    const run = await runProgram(ONE_SLOT, "prod");
    const keys = ALARM_KEYS.filter((key) => alarmSpec(key).pages);
    expect(keys).toEqual(expect.arrayContaining(["error-rate", "unanswered-rate", "out-of-service"]));
    // A slot that starts has no healthy task either.
    expect(keys).not.toContain("healthy-hosts");
    const rule = keys.map((key) => `ALARM("${namesFor("prod").alarm("blue", key)}")`).join(" OR ");
    const { inputs, options } = find(run, `${TYPE.composite}::blue`);
    expect(inputs).toMatchObject({ alarmName: "fraud-model_prod_k3f9ab-blue", alarmRule: rule });
    // CloudWatch refuses to delete an alarm that a composite still names.
    expect(options.dependsOn.filter((key) => key.startsWith(TYPE.alarm))).toEqual(
      keys.map((key) => `${TYPE.alarm}::blue-${key}`).toSorted(),
    );
  });

  test("do not page for a slot that is scaled to zero because nothing runs on it", async () => {
    const run = await runProgram({ ...ONE_SLOT, green: { image: OTHER_IMAGE, minTasks: 0 } });
    const { alarmRule } = find(run, `${TYPE.composite}::green`).inputs;
    expect(alarmRule).toContain('ALARM("fraud-model_dev_k3f9ab-green-error-rate")');
    expect(alarmRule).not.toContain("out-of-service");
    // It has no such alarm, so that its next tasks get a new one, which waits for them to start.
    expect(run.resources.map(({ name }) => name)).not.toContain("green-out-of-service");
    expect(parseOutputs(run.outputs)?.slots.green.running?.alarms["out-of-service"]).toBeUndefined();
    expect(find(run, `${TYPE.composite}::blue`).inputs["alarmRule"]).toContain("out-of-service");
  });
});
