import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { STSClient } from "@aws-sdk/client-sts";
import { rawCalls, type Raw } from "./raw.ts";

/** Everything through which a run reaches AWS. A test puts one of its own in the place of each. */
export interface Clients {
  readonly elb: Pick<ElasticLoadBalancingV2Client, "send">;
  readonly ecs: Pick<ECSClient, "send">;
  readonly cloudWatch: Pick<CloudWatchClient, "send">;
  readonly scaling: Pick<ApplicationAutoScalingClient, "send">;
  readonly sts: Pick<STSClient, "send">;
  readonly raw: Raw;
}

export interface AwsClients extends Clients {
  /** Whether a call went to something that stands in for AWS, by the environment or the configuration files. */
  isElsewhere(): boolean;
}

/** With the SDK's own chain of credentials, and AWS_ENDPOINT_URL where something else stands in for AWS. */
export function awsClients(region: string, environment: NodeJS.ProcessEnv): AwsClients {
  // A run lists and writes more at once than a verb does, and a throttled call is no finding.
  const hosts = new Set<string>();
  const config = { region, maxAttempts: 8 };
  const sts = new STSClient(config);
  const elb = new ElasticLoadBalancingV2Client(config);
  const ecs = new ECSClient(config);
  const cloudWatch = new CloudWatchClient(config);
  const scaling = new ApplicationAutoScalingClient(config);
  const { requestHandler } = sts.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, options) => {
    hosts.add(request.hostname);
    return handle(request, options);
  };
  return {
    elb,
    ecs,
    cloudWatch,
    scaling,
    sts,
    raw: rawCalls(sts, region, environment),
    // STS is asked in every run, before anything is made.
    isElsewhere: () => [...hosts].some((host) => !OF_AWS.test(host)),
  };
}

// The domains of AWS's endpoints in its partitions, dual-stack ones among them (AWS General Reference).
const OF_AWS = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)$/;
