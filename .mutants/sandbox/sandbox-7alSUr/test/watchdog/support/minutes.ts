import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ALARM_KEYS,
  alarmSpec,
  type AlarmKey,
  type MetricScope,
} from "../../../contract/alarms/alarm-catalog.ts";
import { namesFor, PROJECT } from "../../support/project.ts";
import { routeTags } from "../../../contract/route/route-tags.ts";
import { renderForward, SLOT_TAG, type Forward } from "../../../contract/route/route.ts";
import { perSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { createCloudWatch } from "../../../packages/local-cloud/alarms/cloudwatch.ts";
import type { Operations } from "../../../packages/local-cloud/aws-api/operations.ts";
import { createFunctions } from "../../../packages/local-cloud/functions.ts";
import { createMetricStore, type PublishLag } from "../../../packages/local-cloud/metrics/store.ts";
import { createRecordStore } from "../../../packages/local-cloud/provider/records.ts";
import { awsPorts } from "../../../watchdog/aws.ts";
import { wokenBy } from "../../../watchdog/event.ts";
import { guard } from "../../../watchdog/guard.ts";
import type { Ports } from "../../../watchdog/ports.ts";
import type { Service } from "../../support/aws-models/operations.ts";
import { findingsOf } from "../../support/aws-models/validate.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { describeTags, actionOf, forwardOf } from "./elb-words.ts";
import { rawConfig, type WrittenConfig } from "../../support/written-config.ts";

const STACK = "prod";
const ROUTE = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener-rule/app/lb/1/2/3";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:watchdog";
const groupArn = (slot: Slot) => `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${slot}/1`;
export const MINUTE_MS = 60_000;

/** What a slot's users get in a minute: shares of its requests. */
export interface Quality {
  /** Without an answer. */
  readonly failed: number;
  readonly slow: number;
  /** Answered 5xx; none unless given. */
  readonly errors?: number;
  /** Healthy tasks, 2 unless given; undefined: no task is registered, so nothing is reported. */
  readonly healthy?: number | undefined;
}

/**
 * A stack of which nothing runs but its route, its alarms, as the local cloud evaluates them, and its watchdog, minute
 * by minute on a clock that the test moves. `random`: numbers in [0, 1); `publishLagMs`: how late CloudWatch is.
 */
export function stackByTheMinute(random: () => number, publishLagMs: PublishLag = 0) {
  const clock = new ManualClock();
  const store = createMetricStore({ clock, publishLagMs });
  const cloudWatch = createCloudWatch({ clock, region: "us-east-1", store });
  const recorded = createRecordStore();
  const alarmAtMs: { readonly name: string; readonly atMs: number }[] = [];
  const state = {
    forward: undefined as Forward | undefined,
    tags: {} as Record<string, string>,
    writtenAtMs: [] as number[],
    healthy: { blue: 2, green: 2 } as Record<Slot, number | undefined>,
  };

  /** Runs of the watchdog that have begun. */
  const running: (Promise<unknown> | undefined)[] = [];
  const elb = clientOf("elasticloadbalancing", {
    DescribeRules: () => ({ Rules: [{ RuleArn: ROUTE, Actions: [actionOf(state.forward)] }] }),
    DescribeTags: () => ({
      TagDescriptions: [
        describeTags(ROUTE, state.tags),
        ...SLOTS.map((slot) => describeTags(groupArn(slot), { [SLOT_TAG]: slot })),
      ],
    }),
    DescribeTargetHealth: ({ TargetGroupArn }) => {
      const hosts = state.healthy[SLOTS.find((slot) => groupArn(slot) === TargetGroupArn) ?? "blue"];
      const State = hosts === 0 ? "unhealthy" : "healthy";
      return { TargetHealthDescriptions: hosts === undefined ? [] : [{ TargetHealth: { State } }] };
    },
    ModifyRule: ({ Actions }) => {
      state.writtenAtMs.push(clock.now());
      state.forward = forwardOf(Actions);
      return {};
    },
    AddTags: ({ Tags }) => {
      // The shape of the SDK's own AddTagsInput.
      for (const { Key, Value } of Tags as readonly { Key: string; Value: string }[]) state.tags[Key] = Value;
      return {};
    },
  });
  const ports: Ports = {
    // Only the two commands of `send` are asked of these clients.
    ...awsPorts({
      routeArn: ROUTE,
      elb: elb as ElasticLoadBalancingV2Client,
      cloudWatch: clientOf("cloudwatch", cloudWatch.operations) as CloudWatchClient,
      now: () => clock.now(),
    }),
    id: "one",
    now: () => clock.now(),
    wait: async () => {},
    notify: async () => {},
    log: () => {},
  };
  const alarmNames = perSlot((slot) => namesFor(STACK).slotAlarms[slot]);
  recorded.put({
    type: "aws:lambda/function:Function",
    id: "f",
    outputs: { name: "f", arn: FUNCTION, handler: "watchdog" },
  });
  recorded.put({
    type: "aws:cloudwatch/eventRule:EventRule",
    id: "r",
    outputs: { name: "r", arn: "r", scheduleExpression: "rate(1 minute)" },
  });
  recorded.put({
    type: "aws:cloudwatch/eventTarget:EventTarget",
    id: "t",
    outputs: { rule: "r", arn: FUNCTION },
  });
  const functions = createFunctions({
    clock,
    region: "us-east-1",
    recorded,
    tell: (line) => {
      throw new Error(line);
    },
    code: {
      watchdog: async (event) => {
        const trigger = wokenBy(event, alarmNames);
        const run = trigger === undefined ? undefined : guard(ports, trigger, alarmNames);
        running.push(run);
        await run;
      },
    },
  });
  cloudWatch.onAlarmAction((action) => {
    alarmAtMs.push({ name: action.alarmName, atMs: clock.now() });
    functions.onAlarmAction(action);
  });
  putAlarms(cloudWatch.operations);

  /** As an update of Pulumi leaves the route: weights and tags, and nothing of what others have tagged. */
  function deploy(written: WrittenConfig): StackConfig {
    const parsed = parseConfig(rawConfig(written));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { config } = parsed;
    state.forward = renderForward(config.split, perSlot(groupArn), config.service.stickinessSeconds);
    Object.assign(state.tags, routeTags({ project: PROJECT, stack: STACK }, config));
    return config;
  }
  const share = (slot: Slot) => state.forward?.groups.find(({ arn }) => arn === groupArn(slot))?.weight ?? 0;

  /** A minute of users, who get from each slot what it gives, and all that the cloud does in it. */
  async function minute(requests: number, quality: Readonly<Record<Slot, Quality>>): Promise<void> {
    for (const slot of SLOTS) measure(slot, Math.round((requests * share(slot)) / 100), quality[slot]);
    // The alarms of the minute before are evaluated a few seconds into this one, the schedule comes later.
    for (let step = 0; step < 4; step++) {
      clock.advance(MINUTE_MS / 4);
      await Promise.all(running.splice(0));
    }
  }

  function measure(slot: Slot, requests: number, quality: Quality): void {
    const { failed, slow, errors = 0 } = quality;
    const healthy = "healthy" in quality ? quality.healthy : 2;
    state.healthy[slot] = healthy;
    const add = (scope: MetricScope, metricName: string, unit: string, value: number, times = 1) => {
      const series = store.series({ ...placeOf(slot)[scope], metricName, unit });
      for (let time = 0; time < times; time++) series.add(clock.now(), value);
    };
    if (healthy !== undefined) add("targetGroup", "HealthyHostCount", "Count", healthy);
    add("service", "CPUUtilization", "Percent", 30 + 20 * random());
    add("service", "MemoryUtilization", "Percent", 50);
    // Without a registered task the load balancer chooses none, and answers by itself.
    if (requests === 0 || healthy === undefined) return;
    const lost = binomial(requests, failed, random);
    const late = binomial(requests, slow, random);
    const bad = errors === 0 ? 0 : binomial(requests - lost, errors, random);
    add("targetGroup", "RequestCount", "Count", requests);
    if (requests > lost + bad) {
      add("targetGroup", "HTTPCode_Target_2XX_Count", "Count", requests - lost - bad);
    }
    if (bad > 0) add("targetGroup", "HTTPCode_Target_5XX_Count", "Count", bad);
    add("targetGroup", "TargetResponseTime", "Seconds", 0.05, requests - late);
    add("targetGroup", "TargetResponseTime", "Seconds", 2, late);
  }
  const client = clientOf("cloudwatch", cloudWatch.operations) as CloudWatchClient;
  return { clock, deploy, share, minute, alarmAtMs, alarmNames, state, client };
}

function binomial(times: number, probability: number, random: () => number): number {
  let hits = 0;
  for (let time = 0; time < times; time++) if (random() < probability) hits += 1;
  return hits;
}

const placeOf = (slot: Slot) => ({
  targetGroup: {
    namespace: "AWS/ApplicationELB",
    dimensions: { LoadBalancer: "app/lb/1", TargetGroup: `targetgroup/${slot}/1` },
  },
  service: { namespace: "AWS/ECS", dimensions: { ClusterName: "cluster", ServiceName: slot } },
});

const WARM_UP = { WarmUpPeriodDurationInMinutes: 16, OnlyStartEvaluatingAfterWarmUpPeriodEnds: true };

/** The alarms of the catalogue with the default thresholds, and each slot's composite, as the program makes them. */
function putAlarms(operations: Operations): void {
  const parsed = parseConfig({});
  if (!parsed.ok) throw new Error("the defaults are refused");
  const { thresholds } = parsed.config;
  for (const slot of SLOTS) {
    for (const key of ALARM_KEYS) {
      const spec = alarmSpec(key);
      operations["PutMetricAlarm"]?.({
        AlarmName: namesFor(STACK).alarm(slot, key),
        ComparisonOperator: spec.comparison,
        Threshold: spec.threshold(thresholds),
        DatapointsToAlarm: spec.datapointsToAlarm,
        EvaluationPeriods: spec.evaluationPeriods,
        TreatMissingData: spec.treatMissingData,
        ...(spec.treatMissingData === "breaching" ? { WarmUpConfiguration: WARM_UP } : {}),
        Metrics: spec.queries(thresholds).map((query, index, all) => ({
          Id: query.id,
          ReturnData: index === all.length - 1,
          ...("expression" in query
            ? { Expression: query.expression }
            : { MetricStat: statOf(slot, query, key) }),
        })),
      });
    }
    const AlarmRule = ALARM_KEYS.filter((key) => alarmSpec(key).pages)
      .map((key) => `ALARM("${namesFor(STACK).alarm(slot, key)}")`)
      .join(" OR ");
    operations["PutCompositeAlarm"]?.({
      AlarmName: namesFor(STACK).slotAlarms[slot],
      AlarmRule,
      AlarmActions: [FUNCTION],
    });
  }
}

function statOf(
  slot: Slot,
  {
    scope,
    metricName,
    stat,
  }: { readonly scope: MetricScope; readonly metricName: string; readonly stat: string },
  key: AlarmKey,
) {
  const { namespace, dimensions } = placeOf(slot)[scope];
  return {
    Metric: {
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: alarmSpec(key).periodSeconds,
    Stat: stat,
  };
}

/** An SDK client whose commands are carried out here, if AWS would. */
function clientOf(service: Service, operations: Operations): unknown {
  return {
    async send(command: { readonly input: Record<string, unknown> }) {
      const name = command.constructor.name.replace(/Command$/, "");
      const operation = operations[name];
      if (operation === undefined) throw new Error(`nobody carries out ${name}`);
      const wrong = findingsOf(service, name, command.input);
      if (wrong.length > 0) throw new Error(`AWS would refuse it: ${wrong.join("; ")}`);
      return operation(command.input);
    },
  };
}
