import { AwsError } from "../aws-api/errors.ts";
import type { Rate } from "../aws-api/define-operation.ts";
import type { ApiCall, Guard } from "../aws-api/guard.ts";
import { OPERATIONS } from "../operations/index.ts";

/** Calls that draw on the same bucket. */
interface Bucket extends Rate {
  readonly service: string;
  readonly operations: RegExp;
}

const cloudWatch = (operation: string, perSecond: number): Bucket => ({
  service: "cloudwatch",
  operations: new RegExp(`^${operation}$`),
  burst: perSecond,
  perSecond,
});

/**
 * AWS's limits per account and region, as documented: CloudWatch "Service quotas" (transactions a second by
 * operation), Elastic Load Balancing "Request throttling" (all reading actions share one bucket), Amazon ECS
 * "Request throttling" (by kind of action). For writing actions of Elastic Load Balancing no figure was found: they
 * are not limited here.
 */
const BUCKETS: readonly Bucket[] = [
  cloudWatch("DescribeAlarms", 9),
  cloudWatch("DescribeAlarmHistory", 20),
  cloudWatch("PutMetricAlarm", 3),
  cloudWatch("PutCompositeAlarm", 3),
  cloudWatch("DeleteAlarms", 3),
  cloudWatch("SetAlarmState", 3),
  cloudWatch("GetMetricData", 500),
  cloudWatch("PutMetricData", 500),
  cloudWatch("ListMetrics", 25),
  { service: "elasticloadbalancing", operations: /^Describe/, burst: 40, perSecond: 10 },
  { service: "ecs", operations: /^(DescribeServices|ListServices)$/, burst: 100, perSecond: 20 },
  { service: "ecs", operations: /^(CreateService|DeleteService|UpdateService)$/, burst: 50, perSecond: 5 },
];

const DEFINED: readonly Bucket[] = OPERATIONS.flatMap(({ service, name, rate }) =>
  rate === undefined ? [] : [{ service, operations: new RegExp(`^${name}$`), ...rate }],
);

/** Refuses calls beyond AWS's rates as AWS does. @param now milliseconds */
export function apiRates(now: () => number): Guard {
  const buckets = [...DEFINED, ...BUCKETS].map((bucket) => ({
    ...bucket,
    tokens: bucket.burst,
    atMs: now(),
  }));
  return (call) => {
    const bucket = buckets.find((one) => one.service === call.service && one.operations.test(call.operation));
    if (bucket === undefined) return;
    const atMs = now();
    const refilled = ((atMs - bucket.atMs) / 1000) * bucket.perSecond;
    bucket.tokens = Math.min(bucket.burst, bucket.tokens + refilled);
    bucket.atMs = atMs;
    if (bucket.tokens < 1) throw throttled(call);
    bucket.tokens -= 1;
  };
}

/** The query protocol says `Throttling`, AWS JSON `ThrottlingException`; both with 400 and these words. */
function throttled({ service }: ApiCall): AwsError {
  return new AwsError(
    service === "elasticloadbalancing" ? "Throttling" : "ThrottlingException",
    "Rate exceeded",
  );
}
