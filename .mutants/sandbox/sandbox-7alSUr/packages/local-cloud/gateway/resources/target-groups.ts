import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbControl } from "../control.ts";
import { loadBalancersByGroup } from "../model.ts";
import type { TargetGroupRecord } from "../model.ts";

/** Target groups as the API shows them. */
export function describeTargetGroups(
  { model }: ElbControl,
  records: readonly TargetGroupRecord[],
): { TargetGroups: TargetGroup[] } {
  const byGroup = loadBalancersByGroup(model);
  return {
    TargetGroups: records.map(({ arn, name, port, vpcId, healthCheck }) => {
      const loadBalancerArn = byGroup.get(arn);
      return {
        TargetGroupArn: arn,
        TargetGroupName: name,
        Protocol: "HTTP",
        Port: port,
        VpcId: vpcId,
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: healthCheck.port,
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
        HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
        HealthyThresholdCount: healthCheck.healthyThreshold,
        UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
        HealthCheckPath: healthCheck.path,
        Matcher: { HttpCode: healthCheck.matcher },
        LoadBalancerArns: loadBalancerArn === undefined ? [] : [loadBalancerArn],
        TargetType: "ip",
        ProtocolVersion: "HTTP1",
        IpAddressType: "ipv4",
      };
    }),
  };
}
