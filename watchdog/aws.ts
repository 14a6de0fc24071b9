import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

import { ALARM_CATALOG } from "../contract/alarms/alarm-catalog.ts";
import {
  RELEASE_DIMENSIONS,
  RELEASE_NAMESPACE,
  WATCHDOG_METRIC,
} from "../contract/release/release-metrics.ts";
import { forwardAction } from "../contract/route/route.ts";
import { readCompared } from "./alarm-of-both-slots.ts";
import type { Ports } from "./ports.ts";
import { breachingSince } from "./breaching-minutes.ts";

const elbSdk = () => import("@aws-sdk/client-elastic-load-balancing-v2");
const cloudWatchSdk = () => import("@aws-sdk/client-cloudwatch");

/*
 * A call of Lambda has 30 seconds (WATCHDOG_TIMEOUT_SECONDS), and the emergency write comes last: nothing that is asked
 * before it may take them. What does not answer in time counts as what could not be read.
 */
const READ_TAGS_TIMEOUT_MS = 5_000;
const TAG_TIMEOUT_MS = 3_000;
const TARGETS_TIMEOUT_MS = 3_000;
/** All questions to CloudWatch together. */
const LOOK_TIMEOUT_MS = 8_000;

/** Where the watchdog stands, and the clients that it works with. */
export interface WatchdogPlace {
  readonly routeArn: string;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Ends what takes longer than so many milliseconds; `AbortSignal.timeout` unless given. */
  readonly within?: (ms: number) => AbortSignal;
}

/** The load balancer and CloudWatch; the SDK clients are those of Lambda's runtime. */
export function awsPorts({
  routeArn,
  elb,
  cloudWatch,
  now,
  within = (ms) => AbortSignal.timeout(ms),
}: WatchdogPlace): Omit<Ports, "id" | "now" | "wait" | "notify" | "log"> {
  let look: AbortSignal | undefined;
  const looking = () => ({ abortSignal: (look ??= within(LOOK_TIMEOUT_MS)) });
  return {
    async read() {
      const { DescribeRulesCommand } = await elbSdk();
      const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns: [routeArn] }));
      const groups = Rules[0]?.Actions?.find(({ Type }) => Type === "forward")?.ForwardConfig?.TargetGroups;
      if (groups === undefined) throw new Error(`${routeArn} is not a rule that forwards`);
      // ELB API: a weight that was not given is 1.
      const weighted = groups.map(({ TargetGroupArn = "", Weight = 1 }) => ({
        arn: TargetGroupArn,
        weight: Weight,
      }));
      return { routeArn, groups: weighted };
    },
    async tags(arns) {
      const { DescribeTagsCommand } = await elbSdk();
      const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: [...arns] }), {
        abortSignal: within(READ_TAGS_TIMEOUT_MS),
      });
      return new Map(
        TagDescriptions.map(({ ResourceArn = "", Tags = [] }) => [
          ResourceArn,
          Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        ]),
      );
    },
    async registered(targetGroupArn) {
      const { DescribeTargetHealthCommand } = await elbSdk();
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
      const { TargetHealthDescriptions = [] } = await elb.send(command, {
        abortSignal: within(TARGETS_TIMEOUT_MS),
      });
      const stays = ({ State }: { State?: string | undefined } = {}) => !State?.endsWith("draining");
      return TargetHealthDescriptions.filter(({ TargetHealth }) => stays(TargetHealth)).length;
    },
    async write(forward) {
      const { ModifyRuleCommand } = await elbSdk();
      await elb.send(new ModifyRuleCommand({ RuleArn: routeArn, Actions: [forwardAction(forward)] }));
    },
    async tag(Key, Value) {
      const { AddTagsCommand } = await elbSdk();
      const command = new AddTagsCommand({ ResourceArns: [routeArn], Tags: [{ Key, Value }] });
      // The emergency write comes after the first of these.
      await elb.send(command, { abortSignal: within(TAG_TIMEOUT_MS) });
    },
    async failing(slotAlarm) {
      const { DescribeAlarmsCommand } = await cloudWatchSdk();
      // A slot's alarms are named after the composite over them (contract/names/names.ts).
      const prefix = `${slotAlarm}-`;
      const command = new DescribeAlarmsCommand({
        AlarmNamePrefix: prefix,
        AlarmTypes: ["MetricAlarm"],
        StateValue: "ALARM",
      });
      const { MetricAlarms = [] } = await cloudWatch.send(command, looking());
      return MetricAlarms.map(({ AlarmName = "", StateReason, StateTransitionedTimestamp: since }) => ({
        key: AlarmName.slice(prefix.length),
        sinceMs: since?.getTime(),
        reason: `${AlarmName}: ${StateReason}`,
        // A stack may be called as a slot of another one is: `prod` and `prod-green`.
      })).filter(({ key }) => Object.hasOwn(ALARM_CATALOG, key));
    },
    compared: (key, { candidate, active }) =>
      readCompared(
        { cloudWatch, ...looking() },
        key,
        { candidate: `${candidate}-${key}`, active: `${active}-${key}` },
        now(),
      ),
    breachingSince: (slotAlarm, key, sinceMs) =>
      breachingSince({ cloudWatch, ...looking() }, `${slotAlarm}-${key}`, sinceMs, now()),
    async count(stack) {
      const { PutMetricDataCommand } = await cloudWatchSdk();

      const Dimensions = [{ Name: RELEASE_DIMENSIONS.stack, Value: stack }];
      const MetricData = [{ MetricName: WATCHDOG_METRIC, Value: 1, Unit: "Count" as const, Dimensions }];
      const command = new PutMetricDataCommand({ Namespace: RELEASE_NAMESPACE, MetricData });
      await cloudWatch.send(command, { abortSignal: within(TAG_TIMEOUT_MS) });
    },
  };
}
