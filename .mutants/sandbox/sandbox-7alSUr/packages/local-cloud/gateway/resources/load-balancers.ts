import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LoadBalancerRecord } from "../model.ts";

/** Load balancers as the API shows them. */
export function describeLoadBalancers(records: readonly LoadBalancerRecord[]): {
  LoadBalancers: LoadBalancer[];
} {
  return {
    LoadBalancers: records.map((record) => ({
      LoadBalancerArn: record.arn,
      LoadBalancerName: record.name,
      // With the port: port 80 needs permissions that a local machine user does not have, and `http://<DNSName>/` must work.
      DNSName: `127.0.0.1:${record.frontPort}`,
      CanonicalHostedZoneId: "Z00000000000000000000",
      CreatedTime: new Date(record.createdMs),
      Scheme: record.scheme,
      State: { Code: "active" },
      Type: "application",
      IpAddressType: "ipv4",
      SecurityGroups: [...record.securityGroups],
      AvailabilityZones: record.subnets.map((subnet) => ({ SubnetId: subnet })),
    })),
  };
}
