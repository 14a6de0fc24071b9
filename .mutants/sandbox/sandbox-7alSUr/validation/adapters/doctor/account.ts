import type { ElasticLoadBalancingV2Client, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Caller, Quotas } from "../../insight/doctor/facts.ts";
import { clientConfig, lazily, type Target } from "../target.ts";

const HOURS_BACK_MS = 3 * 3_600_000;

/** What AWS says of the account; every call reads only. */
export interface AccountProbe {
  caller(): Promise<Caller>;
  /** `listenerArn`: the stack's own or shared listener; undefined: there is none yet. */
  quotas(listenerArn: string | undefined): Promise<Quotas>;
  alarmCalls(nowMs: number): Promise<number | undefined>;
}

export function accountProbe(target: Target): AccountProbe {
  const config = clientConfig(target);
  const elb = lazily(async () => {
    const { ElasticLoadBalancingV2Client: Client } =
      await import("@aws-sdk/client-elastic-load-balancing-v2");
    return new Client(config);
  });
  return {
    async caller() {
      const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
      try {
        // Needs no permission at all (IAM), so a refusal is about the credentials.
        const { Account, Arn } = await new STSClient(config).send(new GetCallerIdentityCommand());
        return { kind: "known", account: Account ?? "unknown", arn: Arn ?? "unknown" };
      } catch (error) {
        if (error instanceof Error && REFUSED.test(error.name))
          return { kind: "refused", why: error.message };
        throw error;
      }
    },
    async quotas(listenerArn) {
      const client = await elb();
      const [limits, groups, rules] = await Promise.all([
        accountLimits(client),
        countTargetGroups(client),
        listenerArn === undefined ? 0 : countRules(client, loadBalancerOf(listenerArn)),
      ]);
      const limit = (name: string) => {
        const found = limits.get(name);
        if (found === undefined) throw new Error(`DescribeAccountLimits does not name ${name}`);
        return found;
      };
      return {
        targetGroups: { used: groups, limit: limit("target-groups") },
        rules: { used: rules, limit: limit("rules-per-application-load-balancer") },
      };
    },
    async alarmCalls(nowMs) {
      const { CloudWatchClient, GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
      const command = new GetMetricDataCommand({
        StartTime: new Date(nowMs - HOURS_BACK_MS),
        EndTime: new Date(nowMs),
        MetricDataQueries: [{ Id: "calls", MetricStat: { Metric: ALARM_CALLS, Period: 60, Stat: "Sum" } }],
      });
      const { MetricDataResults = [] } = await new CloudWatchClient(config).send(command);
      const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
      return values.length === 0 ? undefined : Math.max(...values);
    },
  };
}

// The SDK's own name for a chain that ends without credentials, and STS's for those that it does not take.
const REFUSED =
  /^(CredentialsProviderError|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|AccessDenied)/;

// CloudWatch User Guide, "CloudWatch usage metrics": calls of an API, by everybody in account and region.
const ALARM_CALLS = {
  Namespace: "AWS/Usage",
  MetricName: "CallCount",
  Dimensions: [
    { Name: "Service", Value: "CloudWatch" },
    { Name: "Type", Value: "API" },
    { Name: "Resource", Value: "DescribeAlarms" },
    { Name: "Class", Value: "None" },
  ],
};

async function accountLimits(client: ElasticLoadBalancingV2Client): Promise<ReadonlyMap<string, number>> {
  const { DescribeAccountLimitsCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const limits = new Map<string, number>();
  let marker: string | undefined;
  do {
    const page = await client.send(new DescribeAccountLimitsCommand({ Marker: marker }));
    for (const { Name = "", Max } of page.Limits ?? []) if (Max !== undefined) limits.set(Name, Number(Max));
    marker = page.NextMarker;
  } while (marker !== undefined);
  return limits;
}

async function countTargetGroups(client: ElasticLoadBalancingV2Client): Promise<number> {
  const { paginateDescribeTargetGroups } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  let count = 0;
  for await (const page of paginateDescribeTargetGroups({ client }, {}))
    count += page.TargetGroups?.length ?? 0;
  return count;
}

/** arn:…:listener/app/name/id/listener → arn:…:loadbalancer/app/name/id */
const loadBalancerOf = (listenerArn: string) =>
  listenerArn.replace(":listener/", ":loadbalancer/").replace(/\/[^/]+$/, "");

async function countRules(client: ElasticLoadBalancingV2Client, loadBalancerArn: string): Promise<number> {
  const { paginateDescribeListeners, paginateDescribeRules } =
    await import("@aws-sdk/client-elastic-load-balancing-v2");
  const rules: Rule[] = [];
  for await (const { Listeners = [] } of paginateDescribeListeners(
    { client },
    { LoadBalancerArn: loadBalancerArn },
  )) {
    for (const { ListenerArn } of Listeners) {
      for await (const page of paginateDescribeRules({ client }, { ListenerArn }))
        rules.push(...(page.Rules ?? []));
    }
  }
  return rules.filter(({ IsDefault }) => IsDefault !== true).length;
}

/** arn:…:listener-rule/app/name/id/listener/rule → arn:…:listener/app/name/id/listener */
export const listenerOf = (routeArn: string) =>
  routeArn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
