import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRODUCT_CALLS } from "../../../contract/iam/aws-calls.ts";
import { policiesOf, type PolicyDocument } from "../../../contract/iam/policy.ts";
import { namesFor } from "../../support/project.ts";
import { WATCHDOG_TAG } from "../../../contract/route/route-tags.ts";
import { renderForward } from "../../../contract/route/route.ts";
import { SLOTS } from "../../../contract/slot.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { attempt } from "../../../validation/reading.ts";
import { awsPorts } from "../../../watchdog/aws.ts";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../../packages/local-cloud/test/support/cloud-directory.ts";
import { deniedIn, makeRoute, place, REGION, targetOf, without } from "./support/route.ts";

const STACK = "prod";
const NAMES = namesFor(STACK);

/** The same alarm on both slots, so that the watchdog has something to put side by side. */
async function makeAlarms(cloudWatch: CloudWatchClient): Promise<void> {
  for (const slot of SLOTS) {
    const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" };
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName: NAMES.alarm(slot, "error-rate"),
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 1,
        EvaluationPeriods: 1,
        Metrics: [{ Id: "requests", MetricStat: { Metric, Period: 60, Stat: "Sum" }, ReturnData: true }],
      }),
    );
  }
}

describe("through the watchdog's own adapter, the permissions of its role", () => {
  const roles = new Map<string, readonly PolicyDocument[]>();
  let directory: CloudDirectory;
  let acts: readonly (() => Promise<unknown>)[];

  beforeAll(async () => {
    roles.set("maker", policiesOf("deploy", place(REGION)));
    directory = await cloudDirectory();
    const { url } = await directory.start({ authorize: { roles, provider: "maker" } });
    const { routeArn, groups } = await makeRoute(url);
    await makeAlarms(new CloudWatchClient(targetOf(url, "maker")));
    const own = targetOf(url, "watchdog");
    const elb = new ElasticLoadBalancingV2Client(own);
    const cloudWatch = new CloudWatchClient(own);
    const ports = awsPorts({ routeArn, elb, cloudWatch, now: Date.now });
    const [candidate, active] = [NAMES.slotAlarms.green, NAMES.slotAlarms.blue];
    acts = [
      () => ports.read(),
      () => ports.tags([routeArn]),
      () => ports.registered(groups.blue),
      () => ports.failing(candidate),
      () => ports.compared("error-rate", { candidate, active }),
      () => ports.write(renderForward(splitOf("blue", 0), groups, 0)),
      () => ports.tag(WATCHDOG_TAG, "r-1 2026-01-01T00:00:00Z failed"),
      () => ports.count(STACK),
    ];
  });
  afterAll(() => directory.dispose());

  const refusedWith = async (policies: readonly PolicyDocument[]) => {
    roles.set("watchdog", policies);
    const outcomes = await Promise.all(acts.map((act) => attempt(act)));
    return outcomes.flatMap((outcome) => (outcome.readable ? [] : [outcome.why]));
  };

  it("are enough, and each is needed", async () => {
    const documents = policiesOf("watchdog", place(REGION));
    expect(await refusedWith(documents)).toEqual([]);
    // Lambda writes the log itself, and topics are not simulated.
    const calls = PRODUCT_CALLS.filter(
      ({ roles, action }) => roles.includes("watchdog") && !/^(logs|sns):/.test(action),
    );
    expect(calls.length).toBe(8);
    for (const { action } of calls) {
      const refused = await refusedWith(without(documents, action));
      expect([action, ...new Set(deniedIn(refused))]).toEqual([action, action]);
    }
  });
});
