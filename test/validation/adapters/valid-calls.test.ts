import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { PRODUCT_CALLS } from "../../../contract/iam/aws-calls.ts";
import { writeMark, REVERT_TAG } from "../../../contract/route/route-tags.ts";
import { renderForward, ROUTE_TAGS } from "../../../contract/route/route.ts";
import { splitOf } from "../../../contract/route/split.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { awsPorts } from "../../../validation/adapters/aws.ts";
import { accountProbe } from "../../../validation/adapters/doctor/account.ts";
import { clientConfig } from "../../../validation/adapters/target.ts";
import { attempt } from "../../../validation/reading.ts";
import { sageMakerPackages } from "../../../validation/adapters/registries/packages.ts";
import { definition as sagemaker } from "../../../validation/registries/sagemaker.ts";
import { awsPorts as watchdogPorts } from "../../../watchdog/aws.ts";
import { notify } from "../../../watchdog/notify.ts";
import {
  actionOf,
  findingsOfCall,
  recordedCalls,
  RECORDING,
} from "../../support/aws-models/call-findings.ts";
import { listenToCalls, type SdkCall } from "../../support/aws-models/sdk-calls.ts";
import { namesFor, PROJECT } from "../../support/project.ts";
import { fakeAws, type Answered, type Asked, type FakeAws } from "../support/fake-aws.ts";

const NAMES = namesFor("prod");
const elb = (rest: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:${rest}`;
const ROUTE = elb("listener-rule/app/lb/1/2/3");
const GROUPS = { blue: elb("targetgroup/blue/1"), green: elb("targetgroup/green/2") };
const PACKAGE = "arn:aws:sagemaker:us-east-1:123456789012:model-package/fraud/2";
const MINUTE_MS = 60_000;
const NOW = 1_800_000_000_000;

/** A load balancer with more rules than a call may name, an alarm that is bad, and nothing else. */
function answer({ operation }: Asked): Answered {
  const member = (inner: string) => `<member>${inner}</member>`;
  const rule = (index: number) => member(`<RuleArn>${ROUTE}${index}</RuleArn><IsDefault>false</IsDefault>`);
  const groups = Object.values(GROUPS).map((arn) => member(`<TargetGroupArn>${arn}</TargetGroupArn>`));
  const forward = `<Type>forward</Type><ForwardConfig><TargetGroups>${groups.join("")}</TargetGroups></ForwardConfig>`;
  const route = member(`<RuleArn>${ROUTE}</RuleArn><Actions>${member(forward)}</Actions>`);
  const rules = route + Array.from({ length: 30 }, (_, index) => rule(index)).join("");
  const XML: Readonly<Record<string, string>> = {
    DescribeLoadBalancers: `<LoadBalancers>${member(`<LoadBalancerArn>${elb("loadbalancer/app/lb/1")}</LoadBalancerArn><Type>application</Type>`)}</LoadBalancers>`,
    DescribeListeners: `<Listeners>${member(`<ListenerArn>${elb("listener/app/lb/1/2")}</ListenerArn>`)}</Listeners>`,
    DescribeRules: `<Rules>${rules}</Rules>`,
    DescribeTags: `<TagDescriptions>${member(`<ResourceArn>${ROUTE}</ResourceArn><Tags>${member(`<Key>${ROUTE_TAGS.stack}</Key><Value>prod</Value>`)}</Tags>`)}</TagDescriptions>`,
    DescribeAccountLimits: `<Limits>${["target-groups", "rules-per-application-load-balancer"].map((name) => member(`<Name>${name}</Name><Max>100</Max>`)).join("")}</Limits>`,
  };
  const JSON_ANSWERS: Readonly<Record<string, unknown>> = {
    DescribeAlarms: { MetricAlarms: ALARMS },
    GetMetricData: { MetricDataResults: [] },
    DescribeServices: { services: [], failures: [] },
    PutMetricData: {},
    ListModelPackages: { ModelPackageSummaryList: [{ ModelPackageArn: PACKAGE }] },
    DescribeModelPackage: { ModelPackageArn: PACKAGE, CustomerMetadataProperties: { owner: "ann" } },
    UpdateModelPackage: {},
  };
  const json = JSON_ANSWERS[operation];
  return json === undefined ? { xml: XML[operation] ?? "" } : { json };
}

/** As DescribeAlarms has them: the watchdog asks for what they measure. */
const ALARMS = ["blue", "green"].flatMap((slot) =>
  ALARM_KEYS.map((key) => ({
    AlarmName: `${NAMES.slotAlarms.blue.replace("blue", slot)}-${key}`,
    StateValue: "ALARM",
    Threshold: 1,
    ComparisonOperator: alarmSpec(key).comparison,
    Metrics: queriesOf(key).map((query, index, { length }) => ({
      Id: query.id,
      ReturnData: index === length - 1,
      ...("expression" in query
        ? { Expression: query.expression, Label: "rate" }
        : {
            MetricStat: {
              Metric: {
                Namespace: "AWS/ApplicationELB",
                MetricName: query.metricName,
                Dimensions: [{ Name: "TargetGroup", Value: `targetgroup/${slot}/1` }],
              },
              Period: 60,
              Stat: query.stat,
            },
          }),
    })),
  })),
);

function queriesOf(key: (typeof ALARM_KEYS)[number]) {
  const parsed = parseConfig({});
  if (!parsed.ok) throw new Error("the defaults are refused");
  return alarmSpec(key).queries(parsed.config.thresholds);
}

/** Everything that the product's own code asks AWS, each at least once. */
async function everything({ target }: FakeAws): Promise<void> {
  const { route, health, services, alarms, metrics, publisher } = awsPorts(target);
  const forward = renderForward(splitOf("blue", 10), GROUPS, 600);
  const place = {
    loadBalancerSuffix: "app/lb/1",
    targetGroupSuffix: "targetgroup/blue/1",
    clusterName: NAMES.cluster,
    serviceName: NAMES.services.blue,
    zone: "us-east-1a",
  };
  const measures = ALARM_KEYS.map((id) => ({ id, queries: queriesOf(id), periodSeconds: 60, place }));
  await route.read(ROUTE);
  await route.find({ project: PROJECT, stack: "prod" });
  await route.write(ROUTE, forward);
  await route.tag(
    ROUTE,
    REVERT_TAG,
    writeMark({ releaseId: "v2-g3", atMs: NOW, reason: "ü „why“ (50 %)".repeat(30) }),
  );
  await route.untag(ROUTE, REVERT_TAG);
  await health.targets(GROUPS.blue);
  await services.read(NAMES.cluster, Object.values(NAMES.services));
  await alarms.read(Array.from({ length: 250 }, (_, index) => `${NAMES.slotAlarms.blue}-${index}`));
  // Of no query is there an answer, which is an error; what was asked counts here.
  await attempt(() => metrics.read(measures, NOW - MINUTE_MS, NOW));
  // One answer at a time, whatever the list of metrics of the user's own is.
  const many = Array.from({ length: 120 }, (_, index) =>
    measures.map((one) => ({ ...one, id: `${one.id}${index}` })),
  );
  await attempt(() => metrics.read(many.flat(), NOW - MINUTE_MS, NOW));
  await publisher.publish({ stack: "prod", atMs: NOW, split: splitOf("blue", 10), step: 1, verdict: "hold" });
  const labels = Array.from({ length: 12 }, (_, index) => NOW - index * MINUTE_MS);
  await publisher.publishLabels(
    "fraud-model/prod",
    labels.map((atMs) => ({ slot: "green", atMs, labels: 40, wrong: 2.5 })),
  );

  const probe = accountProbe(target);
  await attempt(() => probe.caller());
  await probe.quotas(elb("listener/app/lb/1/2"));
  await probe.alarmCalls(NOW);

  const { ElasticLoadBalancingV2Client } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  const { SNSClient } = await import("@aws-sdk/client-sns");
  const { SageMakerClient: Packages } = await import("@aws-sdk/client-sagemaker");
  const config = clientConfig(target);
  const watchdog = watchdogPorts({
    routeArn: ROUTE,
    elb: new ElasticLoadBalancingV2Client(config),
    cloudWatch: new CloudWatchClient(config),
    now: () => NOW,
  });
  await watchdog.read();
  await watchdog.tags([ROUTE, ...Object.values(GROUPS)]);
  await watchdog.registered(GROUPS.green);
  await watchdog.write(forward);
  await watchdog.tag(REVERT_TAG, writeMark({ releaseId: "v2-g3", atMs: NOW, reason: "why" }));
  await watchdog.failing(NAMES.slotAlarms.blue);
  for (const key of ALARM_KEYS) {
    await watchdog.compared(key, { candidate: NAMES.slotAlarms.green, active: NAMES.slotAlarms.blue });
    await watchdog.breachingSince(NAMES.slotAlarms.blue, key, NOW - 10 * MINUTE_MS);
  }
  await watchdog.count(`${PROJECT}/prod`);
  const topicArn = "arn:aws:sns:us-east-1:123456789012:releases";
  const told = {
    kind: "step",
    stack: `${"ä".repeat(90)}/prod`,
    releaseId: "v2-g3",
    reason: "r".repeat(5000),
  } as const;
  await toldToSageMaker(new Packages(config));
  await attempt(() => notify({ topicArn, url: undefined }, async () => new SNSClient(config), told));
}

/** A version that was rolled back, with a reason that has what a property may not have. */
async function toldToSageMaker(client: SageMakerClient): Promise<void> {
  const packages = sageMakerPackages(async () => client);
  const nobody = async () => Promise.reject(new Error("SageMaker alone is asked"));
  const tools = { readFile: nobody, variable: () => undefined, ask: nobody, packages };
  const reason = `failed: 18 of 60 requests (30 %), p < 0.01; "why"? ${"ä".repeat(300)}`;
  const evidence = "https://github.com/o/r/actions/runs/1";
  const mark = {
    registry: "sagemaker:fraud/2",
    slot: "green",
    role: "rolledBack",
    release: "v2-g3",
  } as const;
  const marks = [{ ...mark, reason, evidence }];
  await sagemaker.writeBack?.(
    { stack: "fraud-model/prod", marks, left: [], past: async () => undefined },
    tools,
  );
  await packages.update(PACKAGE, {}, ["deploy.slot"]);
}

describe("Every call that the product makes", () => {
  const calls: SdkCall[] = [];
  let aws: FakeAws;
  let stop: () => void;

  beforeAll(async () => {
    aws = await fakeAws(answer);
    stop = listenToCalls((call) => calls.push(structuredClone(call)));
    await everything(aws);
  });
  afterAll(async () => {
    stop();
    await aws.close();
  });

  it("is one that AWS takes, by its models and its documentation", () => {
    expect(calls.flatMap(findingsOfCall)).toEqual([]);
  });

  it("is made here, each of the list of AWS calls that is not another program's", () => {
    const listed = PRODUCT_CALLS.map(({ action }) => action).filter((action) => !OTHERS.test(action));
    const made = new Set(calls.map(actionOf));
    expect([...new Set(listed)].filter((action) => !made.has(action))).toEqual([]);
    // GetCallerIdentity needs no right, so the list has it not.
    expect([...made].filter((action) => !listed.some((one) => one === action))).toEqual([
      "sts:GetCallerIdentity",
    ]);
  });
});

it("A call of a verb in a story is written down, with what AWS would refuse of it", async () => {
  const aws = await fakeAws(() => ({ json: {} }));
  const directory = await mkdtemp(join(tmpdir(), "recorded-calls-"));
  const RECORDED_CALLS = join(directory, "calls.jsonl");
  const { endpoint, region, credentials } = aws.target;
  const program = `
    const { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
    const client = new CloudWatchClient(${JSON.stringify({ endpoint, region, credentials })});
    await client.send(new DescribeAlarmsCommand({ AlarmNames: ["a"], AlarmNamePrefix: "a" }));
    await client.send(new GetMetricDataCommand({ MetricDataQueries: [], StartTime: new Date(0), EndTime: new Date(1) }));
  `;
  try {
    await promisify(execFile)(process.execPath, [...RECORDING, "--input-type=module", "-e", program], {
      env: { ...process.env, RECORDED_CALLS },
    });
    const calls = recordedCalls(RECORDED_CALLS);
    expect(calls.map(actionOf)).toEqual(["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"]);
    expect(calls.flatMap(findingsOfCall)).toEqual([
      'cloudwatch:DescribeAlarms AlarmNamePrefix: "a"; allowed: names or a prefix',
    ]);
  } finally {
    await aws.close();
    await rm(directory, { recursive: true, force: true });
  }
});

/** Pulumi keeps its state in S3 with a key of KMS; Lambda's runtime writes the log. */
const OTHERS = /^(s3|kms|logs):/;
