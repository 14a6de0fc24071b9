import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type Action,
  type CreateRuleCommandInput,
  type CreateTargetGroupCommandInput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Side } from "./two-clouds.ts";

export const arn = ({ arns }: Side, name: string) => arns.get(name) ?? `no-${name}`;
export const gone = (side: Side, name: string) => `${arn(side, name).slice(0, -4)}0000`;
export const Tags = [{ Key: "deploy:stack", Value: "prod" }];
export const FIXED: Action = {
  Type: "fixed-response",
  FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "no" },
};
export const forward = (side: Side, blue = 90, green = 10): Action => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: arn(side, "blue"), Weight: blue },
      { TargetGroupArn: arn(side, "green"), Weight: green },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
  },
});

export const makeGroup =
  (name: string, more: Partial<CreateTargetGroupCommandInput> = {}) =>
  async (side: Side) => {
    const made = await side.elb.send(
      new CreateTargetGroupCommand({
        Name: name,
        Protocol: "HTTP",
        Port: 8080,
        VpcId: side.vpcId,
        TargetType: "ip",
        HealthCheckPath: "/healthz",
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        Matcher: { HttpCode: "200" },
        Tags,
        ...more,
      }),
    );
    side.arns.set(name, made.TargetGroups?.[0]?.TargetGroupArn ?? "");
    return made;
  };

export const makeRule =
  (Priority: number, more: (side: Side) => Partial<CreateRuleCommandInput> = () => ({})) =>
  async (side: Side) => {
    const made = await side.elb.send(
      new CreateRuleCommand({
        ListenerArn: arn(side, "listener"),
        Priority,
        Conditions: [
          { Field: "path-pattern", PathPatternConfig: { Values: ["/v1/*"] } },
          { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-slot", Values: ["blue"] } },
        ],
        Actions: [forward(side)],
        Tags,
        ...more(side),
      }),
    );
    side.arns.set(`rule-${Priority}`, made.Rules?.[0]?.RuleArn ?? "");
    return made;
  };
export const weighted = (blue: number, green: number) => (side: Side) => ({
  Actions: [forward(side, blue, green)],
});
