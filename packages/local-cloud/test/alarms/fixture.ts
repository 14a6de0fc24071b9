import { createCloudWatch } from "../../alarms/cloudwatch.ts";
import { createMetricStore } from "../../metrics/store.ts";
import { ManualClock } from "../support/manual-clock.ts";

export const MINUTE_MS = 60_000;
export const TOPIC = "arn:aws:sns:us-east-1:000000000000:pager";
/** More than five errors in two of three minutes. */
export const errors = {
  AlarmName: "errors",
  Namespace: "App",
  MetricName: "Errors",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
};

interface Described {
  AlarmName: string;
  StateValue: string;
  StateReason: string;
  StateUpdatedTimestamp: Date;
  StateTransitionedTimestamp: Date;
}

/** CloudWatch on a clock that the test moves, and an application that reports a metric. */
export function setUp(publishLagMs = 0) {
  const clock = new ManualClock();
  const told: string[] = [];
  const store = createMetricStore({ clock, publishLagMs });
  const cloudWatch = createCloudWatch({ clock, region: "us-east-1", store, tell: (line) => told.push(line) });
  const actions: string[] = [];
  cloudWatch.onAlarmAction((event) =>
    actions.push(`${event.alarmName} ${event.newState} ${event.actionArn}`),
  );
  function call(operation: string, input: Record<string, unknown> = {}) {
    const run = cloudWatch.operations[operation];
    if (run === undefined) throw new Error(`there is no operation ${operation}`);
    return run(input);
  }
  function describeAlarm(name: string): Described {
    // The answer has the shape of the SDK's DescribeAlarmsOutput; the SDK test proves that.
    const answer = call("DescribeAlarms", {
      AlarmNames: [name],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    }) as {
      MetricAlarms: Described[];
      CompositeAlarms: Described[];
    };
    const [alarm] = [...answer.MetricAlarms, ...answer.CompositeAlarms];
    if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
    return alarm;
  }
  const state = (name: string) => describeAlarm(name).StateValue;
  /** A minute in which the metric had this sum (nothing when undefined), and its evaluation. */
  function minute(value?: number, metricName = "Errors") {
    if (value !== undefined) {
      store.series({ namespace: "App", metricName, unit: "None", dimensions: {} }).add(clock.now(), value);
    }
    clock.advance(MINUTE_MS);
  }
  // Evaluations then fall within the minute after the one that is written.
  clock.advance(10_000);
  return { clock, store, cloudWatch, told, actions, call, describeAlarm, state, minute };
}
