import type { S3Client } from "@aws-sdk/client-s3";
import type { Metrics } from "../measures.ts";
import type { Alarms, Health, PredictionLog, Publisher, Route, Services } from "../ports.ts";
import { sparingly } from "../rollout/publish.ts";
import type { ReadLogs } from "../deploy/task-log.ts";
import { cloudWatchAlarms } from "./alarms.ts";
import { awsLogs } from "./logs/cloud-watch.ts";
import { elbHealth } from "./health.ts";
import { cloudWatchPredictions } from "./labels/prediction-log.ts";
import { cloudWatchMetrics } from "./metrics.ts";
import { cloudWatchPublisher } from "./publisher.ts";
import { elbRoute } from "./route.ts";
import { ecsServices } from "./services.ts";
import { clientConfig, lazily, type Target } from "./target.ts";

export interface AwsPorts {
  readonly alarms: Alarms;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly predictions: PredictionLog;
  readonly publisher: Publisher;
  readonly route: Route;
  readonly services: Services;
}

/** The ports onto AWS, or onto the local cloud at the target's endpoint. No SDK is loaded before its first use. */
export function awsPorts(target: Target): AwsPorts {
  const config = clientConfig(target);
  const elb = lazily(async () => {
    const { ElasticLoadBalancingV2Client } = await import("@aws-sdk/client-elastic-load-balancing-v2");
    return new ElasticLoadBalancingV2Client(config);
  });
  const cloudWatch = lazily(async () => {
    const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
    return new CloudWatchClient(config);
  });
  const ecs = lazily(async () => {
    const { ECSClient } = await import("@aws-sdk/client-ecs");
    return new ECSClient(config);
  });
  const publisher = cloudWatchPublisher(cloudWatch);
  return {
    alarms: cloudWatchAlarms(cloudWatch),
    health: elbHealth(elb),
    metrics: cloudWatchMetrics(cloudWatch),
    predictions: cloudWatchPredictions(logsClient(target)),
    publisher: { ...publisher, ...sparingly(publisher) },
    route: elbRoute(elb),
    services: ecsServices(ecs),
  };
}

/** What tasks wrote; `now` is of the cloud's clock. */
export const taskLogs = (target: Target, now: () => number): ReadLogs => awsLogs(logsClient(target), now);

const logsClient = (target: Target) =>
  lazily(async () => {
    const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
    return new CloudWatchLogsClient(clientConfig(target));
  });

/** The client of S3: the local cloud has none. */
export const s3Client = (target: Target): (() => Promise<S3Client>) =>
  lazily(async () => {
    const { S3Client } = await import("@aws-sdk/client-s3");
    return new S3Client(clientConfig(target));
  });
