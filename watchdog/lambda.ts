import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { readWatchdogSettings } from "../contract/alarms/watchdog.ts";
import { awsPorts } from "./aws.ts";
import { wokenBy } from "./event.ts";
import { guard } from "./guard.ts";
import type { Guarded, Ports } from "./ports.ts";
import { notify, PartlyToldError } from "./notify.ts";

/** What surrounds a run: Lambda's own, or the local cloud's. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds of the cloud's clock. */
  readonly now: () => number;
  /** By that clock. */
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Ports["log"];
  /** Settings of the SDK clients; none on AWS, where the runtime has them. */
  readonly client: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly credentials?: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };
  };
}

/**
 * A connection that is accepted and never answered would take all of the 30 seconds that a call of Lambda has; so does
 * the SDK without the last of them. It asks again by itself, three times in all.
 */
const PATIENCE = { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true };

/** One run of the watchdog; undefined: the event asked for nothing. */
export async function run(event: unknown, surroundings: Surroundings): Promise<Guarded | undefined> {
  const { environment, now, wait, log, client } = surroundings;
  const { routeArn, alarmNames, topicArn, url } = readWatchdogSettings(environment);
  const trigger = wokenBy(event, alarmNames);
  if (trigger === undefined) return undefined;
  const { ElasticLoadBalancingV2Client } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const { CloudWatchClient } = await import("@aws-sdk/client-cloudwatch");
  const patient = { ...client, requestHandler: PATIENCE };
  const elb = new ElasticLoadBalancingV2Client(patient);
  const cloudWatch = new CloudWatchClient(patient);
  const sns = async () => {
    const { SNSClient } = await import("@aws-sdk/client-sns");
    return new SNSClient(patient);
  };
  try {
    const ports = {
      ...awsPorts({ routeArn, elb, cloudWatch, now }),
      // Of Lambda's own id there is one for an event, however often it calls.
      id: randomUUID().slice(0, 8),
      now,
      wait,
      log,
      notify: (notification) =>
        notify({ topicArn, url }, sns, notification).catch((error: unknown) => {
          // Who was not told by now is not told later either, or the others would be told again and again.
          if (!(error instanceof PartlyToldError)) throw error;
          log(`not everybody could be told: ${error.message}`);
        }),
    } satisfies Ports;
    return await guard(ports, trigger, alarmNames);
  } finally {
    elb.destroy();
    cloudWatch.destroy();
  }
}

/** Lambda's entry point. */
export async function handler(event: unknown): Promise<Guarded | undefined> {
  return run(event, {
    environment: process.env,
    now: Date.now,
    wait: (ms) => setTimeout(ms),
    log: (line) => console.log(line),
    client: {},
  });
}
