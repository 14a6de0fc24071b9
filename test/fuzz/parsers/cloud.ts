import { createHash } from "node:crypto";
import { createCloudWatch } from "../../../packages/local-cloud/alarms/cloudwatch.ts";
import { refuseSignature, sign } from "../../../packages/local-cloud/access/signature.ts";
import { cloudWatch } from "../../../packages/local-cloud/aws-api/cloudwatch.ts";
import { AwsError } from "../../../packages/local-cloud/aws-api/errors.ts";
import { ELBV2_TYPES, handleQuery } from "../../../packages/local-cloud/aws-api/elbv2.ts";
import { answerJson } from "../../../packages/local-cloud/aws-api/json-protocol.ts";
import { decodeQuery } from "../../../packages/local-cloud/aws-api/query-protocol.ts";
import { createElb } from "../../../packages/local-cloud/gateway/elb.ts";
import { createMetricStore } from "../../../packages/local-cloud/metrics/store.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { jsonOf, takenIf, textOf } from "../support.ts";

const isAwsError = (error: unknown) => error instanceof AwsError;
const NOW_MS = Date.UTC(2026, 10, 30, 12);
const KEYS = {
  accessKeyId: "LOCALABCDEF0123456789",
  secretAccessKey: "fuzzed-secret",
  token: "fuzzed-token",
};

const FORMS = [
  "Action=ModifyRule&Version=2015-12-01&RuleArn=arn%3Ax&Actions.member.1.Type=forward&Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn=a&Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight=90",
  "Action=CreateTargetGroup&Version=2015-12-01&Name=a&Port=80&Protocol=HTTP&VpcId=v&HealthCheckEnabled=true&Tags.member.1.Key=k&Tags.member.1.Value=v",
  "Action=DescribeRules&Version=2015-12-01&ListenerArn=a&PageSize=10",
  "Action=CreateLoadBalancer&Version=2015-12-01&Name=b&Subnets.member.1=s&Subnets.member.2=t",
];

const query: FuzzedParser = {
  name: "aws-query",
  seeds: FORMS,
  edits: "text",
  words: [
    "Action",
    "Version",
    ".member.1",
    ".member.2",
    ".",
    "=",
    "&",
    "%00",
    "%",
    "+",
    "Weight",
    "Port",
    "-1",
    "__proto__",
    "constructor",
  ],
  take: (input) =>
    unlessRefused(isAwsError, () => {
      const form = new URLSearchParams(textOf(input));
      const { action, input: read } = decodeQuery(form, ELBV2_TYPES);
      demand(action === form.get("Action"), "another action");
      const count = (value: unknown): number =>
        Array.isArray(value)
          ? value.reduce<number>((sum, one) => sum + count(one), 0)
          : isRecord(value)
            ? count(Object.values(value))
            : 1;
      const sent = [...form].filter(
        ([key, value]) => key !== "Action" && key !== "Version" && value !== "",
      ).length;
      demand(count(read) >= sent, "a member went");
    }),
};

const elb: FuzzedParser = (() => {
  const metrics = { series: () => ({ add: () => {} }) };
  const { operations } = createElb({ clock: new ManualClock(), region: "us-east-1", metrics });
  return {
    name: "aws-elb-calls",
    seeds: FORMS,
    edits: "text",
    words: [
      ...Object.keys(operations),
      ".member.1",
      "Conditions",
      "Field=host-header",
      "Values",
      "Weight",
      "999",
      "%00",
      "arn:aws:elasticloadbalancing:us-east-1:000000000000:x",
    ],
    async take(input) {
      // A listener would be a port of this machine, one for each input.
      if (/CreateListener/.test(textOf(input))) return "refused";
      const { status, body } = await handleQuery(operations, textOf(input));
      demand(status !== 500, `a failure of the cloud's own: ${body.slice(0, 300)}`);
      return takenIf(status === 200);
    },
  };
})();

const ALARM = {
  AlarmName: "errors",
  Namespace: "App",
  MetricName: "Errors",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
};
const CALLS = [
  { operation: "PutMetricAlarm", input: ALARM },
  { operation: "PutCompositeAlarm", input: { AlarmName: "all", AlarmRule: 'ALARM("errors") OR NOT OK(x)' } },
  { operation: "DescribeAlarms", input: { AlarmNames: ["errors"], MaxRecords: 10 } },
  {
    operation: "PutMetricData",
    input: {
      Namespace: "App",
      MetricData: [
        {
          MetricName: "Errors",
          Value: 1,
          Timestamp: NOW_MS / 1000,
          Dimensions: [{ Name: "Slot", Value: "green" }],
        },
      ],
    },
  },
  {
    operation: "GetMetricData",
    input: {
      StartTime: NOW_MS / 1000 - 600,
      EndTime: NOW_MS / 1000,
      MetricDataQueries: [
        {
          Id: "m",
          MetricStat: { Metric: { Namespace: "App", MetricName: "Errors" }, Period: 60, Stat: "p99" },
        },
        { Id: "e", Expression: "IF(m > 1, m / 2, FILL(m, 0))" },
      ],
    },
  },
  {
    operation: "GetMetricStatistics",
    input: {
      Namespace: "App",
      MetricName: "Errors",
      StartTime: NOW_MS / 1000 - 600,
      EndTime: NOW_MS / 1000,
      Period: 60,
      Statistics: ["Sum"],
    },
  },
  {
    operation: "SetAlarmState",
    input: { AlarmName: "errors", StateValue: "OK", StateReason: "x", StateReasonData: "{}" },
  },
  { operation: "DescribeAlarmHistory", input: { AlarmName: "errors" } },
  { operation: "PutDashboard", input: { DashboardName: "d", DashboardBody: '{"widgets":[]}' } },
];

const watch: FuzzedParser = (() => {
  const clock = new ManualClock();
  const service = cloudWatch(
    createCloudWatch({ clock, region: "us-east-1", store: createMetricStore({ clock }) }).operations,
  );
  return {
    name: "aws-cloudwatch-calls",
    seeds: CALLS.map((call) => JSON.stringify(call)),
    edits: "json",
    words: [...Object.keys(service.operations), "Period", "Expression", "Dimensions", "StartTime"],
    async take(input) {
      const call = jsonOf(textOf(input));
      if (!isRecord(call)) return "refused";
      const faults: unknown[] = [];
      const target = `${service.targetPrefix}.${String(call["operation"])}`;
      const answer = await answerJson(service, target, JSON.stringify(call["input"] ?? {}), (fault) =>
        faults.push(fault),
      );
      if (faults.length > 0) throw faults[0];
      return takenIf(answer.status === 200);
    },
  };
})();

const HEADERS = {
  host: "127.0.0.1:4566",
  "x-amz-date": "20261130T120000Z",
  "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
  "content-type": "application/x-amz-json-1.0",
};
const signed = (body: string) => {
  const headers = { ...HEADERS, "x-amz-content-sha256": createHash("sha256").update(body).digest("hex") };
  const authorization = sign(
    { method: "POST", headers, body: Buffer.from(body) },
    KEYS,
    "us-east-1",
    "monitoring",
  );
  return { method: "POST", headers: { ...headers, authorization }, body };
};
const SIGNED = signed('{"MaxRecords":10}');

const signature: FuzzedParser = {
  name: "sigv4",
  seeds: [JSON.stringify(SIGNED)],
  edits: "json",
  words: [
    "Credential=",
    "SignedHeaders=",
    "Signature=",
    ";",
    ",",
    "host",
    "x-amz-date",
    "aws4_request",
    "20261130T120001Z",
    "x-amz-security-token",
  ],
  take(input) {
    const given = jsonOf(textOf(input));
    if (!isRecord(given) || !isRecord(given["headers"])) return "refused";
    // node:http hands over texts, and lists of the few that may come twice.
    const headers = Object.fromEntries(
      Object.entries(given["headers"]).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const [method, body] = [String(given["method"]), String(given["body"])];
    const refusal = refuseSignature({ method, headers, body: Buffer.from(body) }, KEYS, NOW_MS);
    if (refusal !== undefined) return "refused";
    demand(method === "POST" && body === SIGNED.body, "another request has the signature");
    const own = Object.entries(headers).filter(([name]) => name === "host" || name.startsWith("x-amz-"));
    const squeezed = (value: unknown) => String(value).trim().replaceAll(/ +/g, " ");
    demand(
      own.every(
        ([name, value]) => squeezed(value) === (SIGNED.headers as Readonly<Record<string, string>>)[name],
      ),
      "a signed header is another one",
    );
    return "accepted";
  },
};

export const CLOUD: readonly FuzzedParser[] = [query, elb, watch, signature];
