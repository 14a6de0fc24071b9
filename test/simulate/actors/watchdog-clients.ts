import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import type { Thresholds } from "../../../contract/config/sections.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { Reach } from "../engine/incidents.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { AlarmNow } from "../world/alarm-book.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import { tagsOf } from "../world/context.ts";
import { slotOfGroup, type Query } from "../world/figures.ts";
import { slotOfArn } from "../world/rule-on-elb.ts";

// The SDK's inputs as far as the watchdog sends them: each is read with the check beside it, whatever its type says.
type Input = Readonly<Record<string, unknown>>;
interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** The two clients of the watchdog: what they send arrives at the simulated cloud, in the SDK's words. */
export function watchdogClients(cloud: CloudOfOne, by: ProcessOnMachine) {
  const send = async (sent: Sent): Promise<unknown> => {
    const operation = sent.constructor.name.replace("Command", "");
    const answer = ANSWERS[operation];
    if (answer === undefined) throw new Error(`${operation} is not simulated`);
    const call = cloud.wire.call({
      by,
      reach: answer.reach,
      what: `${operation} by the watchdog`,
      effect: (staleMs) => answer.to(cloud, by, sent.input, staleMs),
    });
    return call.catch((error: unknown) => {
      by.blindTo.add(operation);
      throw error;
    });
  };
  // What the watchdog uses of a client is this one method.
  return {
    elb: { send } as unknown as ElasticLoadBalancingV2Client,
    cloudWatch: { send } as unknown as CloudWatchClient,
  };
}

interface Answering {
  readonly reach: Reach;
  readonly to: (cloud: CloudOfOne, by: ProcessOnMachine, input: Input, staleMs: number) => unknown;
}

const ANSWERS: Readonly<Record<string, Answering>> = {
  DescribeRules: {
    reach: "route",
    to({ rule }, _, _input, staleMs) {
      const { groups } = rule.forward(staleMs);
      // ELB leaves out nothing here; a weight that was not given is 1 (ELB API, TargetGroupTuple).
      const TargetGroups = groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
      return { Rules: [{ Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }] };
    },
  },
  DescribeTags: {
    reach: "tags",
    to({ rule }, _, { ResourceArns }, staleMs) {
      const tags = [...tagsOf(texts(ResourceArns), rule.tags(staleMs))];
      return {
        TagDescriptions: tags.map(([ResourceArn, own]) => ({
          ResourceArn,
          Tags: Object.entries(own).map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    },
  },
  DescribeTargetHealth: {
    reach: "health",
    to({ tasks, nowMs }, _, { TargetGroupArn }) {
      const { healthy, unhealthy, initial } = tasks.targets(
        slotOfArn(String(TargetGroupArn)) ?? "blue",
        nowMs(),
      );
      const many = { healthy, unhealthy, initial };
      const states = Object.entries(many).flatMap(([State, count]) =>
        Array.from({ length: count }, () => State),
      );
      return { TargetHealthDescriptions: states.map((State) => ({ TargetHealth: { State } })) };
    },
  },
  ModifyRule: {
    reach: "route",
    to({ rule, nowMs }, by, { Actions }) {
      const [action] = Array.isArray(Actions) ? Actions : [];
      // As the API takes it; the watchdog and the Pulumi program render it by one function.
      const { TargetGroups, TargetGroupStickinessConfig } = action.ForwardConfig;
      const groups = TargetGroups.map((one: Input) => ({
        arn: String(one["TargetGroupArn"]),
        weight: Number(one["Weight"] ?? 1),
      }));
      const { Enabled, DurationSeconds } = TargetGroupStickinessConfig;
      const stickiness = { enabled: Enabled, durationSeconds: DurationSeconds };
      rule.modify({ groups, stickiness }, { by: by.name, how: "emergency", beganMs: nowMs() });
    },
  },
  AddTags: {
    reach: "tags",
    to({ rule }, _, { Tags }) {
      const tags = Array.isArray(Tags) ? Tags : [];
      rule.tag(Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)])));
    },
  },
  DescribeAlarms: { reach: "alarms", to: (cloud, _, input, staleMs) => alarms(cloud, input, staleMs) },
  GetMetricData: {
    reach: "metrics",
    to: ({ figures, nowMs }, _, { MetricDataQueries, StartTime, EndTime }) => {
      const queries = queriesIn(MetricDataQueries);
      const range = { fromMs: timeOf(StartTime), toMs: timeOf(EndTime), periodMs: 60_000 };
      const asked = queries.filter(({ isReturned }) => isReturned);
      return {
        MetricDataResults: asked.map(({ query, slot }) => {
          const points = figures.points(slot, [...queries.map((one) => one.query), query], range, nowMs());
          return {
            Id: query.id,
            Timestamps: points.map(({ atMs }) => new Date(atMs)),
            Values: points.map(({ value }) => value),
          };
        }),
      };
    },
  },
  PutMetricData: { reach: "metrics", to: () => ({}) },
};

const timeOf = (value: unknown) => (value instanceof Date ? value.getTime() : Number.NaN);

interface OneQuery {
  readonly query: Query;
  readonly slot: Slot;
  readonly isReturned: boolean;
}

/** Metrics as `described` gives them, or as the watchdog has made them of those; an expression is about those before it. */
function queriesIn(value: unknown): readonly OneQuery[] {
  const found: OneQuery[] = [];
  for (const { Id, Expression, MetricStat, ReturnData = true } of Array.isArray(value) ? value : []) {
    const isReturned = ReturnData === true;
    if (typeof Expression === "string") {
      const slot = found.at(-1)?.slot ?? "blue";
      found.push({ query: { id: String(Id), expression: Expression }, slot, isReturned });
      continue;
    }
    const { Metric, Stat } = MetricStat;
    const [{ Value }] = Metric.Dimensions;
    const query: Query = { id: String(Id), metricName: String(Metric.MetricName), stat: String(Stat) };
    found.push({ query, slot: slotOfGroup(String(Value)), isReturned });
  }
  return found;
}

function alarms(cloud: CloudOfOne, input: Input, staleMs: number) {
  const all = [...cloud.alarms.at(cloud.nowMs() - 6 * staleMs)];
  const names = texts(input["AlarmNames"]);
  const found = all.filter(([name, { state }]) =>
    names.length > 0
      ? names.includes(name)
      : name.startsWith(String(input["AlarmNamePrefix"])) && state === input["StateValue"],
  );
  const { thresholds } = cloud.backend.last().config;
  return { MetricAlarms: found.map(([name, alarm]) => described(name, alarm, thresholds)) };
}

function described(
  name: string,
  { slot, key, state, transitionedMs, reason }: AlarmNow,
  thresholds: Thresholds,
) {
  const spec = alarmSpec(key);
  const queries = spec.queries(thresholds);
  return {
    AlarmName: name,
    StateValue: state,
    StateReason: reason,
    StateTransitionedTimestamp: transitionedMs === undefined ? undefined : new Date(transitionedMs),
    Threshold: spec.threshold(thresholds),
    ComparisonOperator: spec.comparison,
    Metrics: queries.map((query, at) => {
      const base = { Id: query.id, ReturnData: at === queries.length - 1 };
      if ("expression" in query) return { ...base, Expression: query.expression };
      const Dimensions = [{ Name: "TargetGroup", Value: `targetgroup/${slot}/1` }];
      return {
        ...base,
        MetricStat: { Metric: { MetricName: query.metricName, Dimensions }, Stat: query.stat },
      };
    }),
  };
}
