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

/** With the SDK's own chain of credentials, and AWS_ENDPOINT_URL where something else stands in for AWS. */
export function awsClients(region: string, environment: NodeJS.ProcessEnv): Clients {
  // A run lists and writes more at once than a verb does, and a throttled call is no finding.
  const config = { region, maxAttempts: 8 };
  const sts = new STSClient(config);
  return {
    elb: new ElasticLoadBalancingV2Client(config),
    ecs: new ECSClient(config),
    cloudWatch: new CloudWatchClient(config),
    scaling: new ApplicationAutoScalingClient(config),
    sts,
    raw: rawCalls(sts, region, environment),
  };
}
