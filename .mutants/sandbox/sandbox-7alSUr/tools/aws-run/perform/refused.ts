import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateRuleCommand, type RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RouteSeen } from "../observations.ts";
import type { Base } from "./base-types.ts";
import { tagsOf, type Context } from "./context.ts";
import { attempt } from "./attempt.ts";

const MINUTE = 60_000;

/** Asks AWS for what the product refuses because AWS is believed to. */
export async function refused(context: Context, base: Base): Promise<RouteSeen["refused"]> {
  const { clients, clock, run } = context;
  const rule = (Priority: number, condition: RuleCondition) =>
    attempt(async () => {
      await clients.elb.send(
        new CreateRuleCommand({
          ListenerArn: base.listenerArn,
          Priority,
          Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
          Conditions: [condition],
          Tags: tagsOf(run),
        }),
      );
      return "the rule was taken";
    });
  return {
    hostName: await rule(210, { Field: "host-header", HostHeaderConfig: { Values: ["localhost"] } }),
    pathPattern: await rule(211, { Field: "path-pattern", PathPatternConfig: { Values: ["/a%b"] } }),
    noSource: await attempt(async () => {
      await clients.raw.query("ec2", "AuthorizeSecurityGroupIngress", {
        GroupId: base.securityGroup,
        "IpPermissions.1.IpProtocol": "tcp",
        "IpPermissions.1.FromPort": "82",
        "IpPermissions.1.ToPort": "82",
      });
      return "a rule without a source was taken";
    }),
    decimals: await attempt(async () => {
      await clients.cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(clock.now() - 5 * MINUTE),
          EndTime: new Date(clock.now()),
          MetricDataQueries: [
            {
              Id: "m",
              MetricStat: {
                Metric: { Namespace: "AWS/ApplicationELB", MetricName: "TargetResponseTime" },
                Period: 60,
                Stat: "TC(0.12345678901:)",
              },
            },
          ],
        }),
      );
      return "eleven decimals were taken";
    }),
  };
}
