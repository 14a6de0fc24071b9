import type { Service } from "../../support/aws-models/operations.ts";

/** A right call, what makes it wrong, and what is to be found of that. */
export type Wrong = readonly [
  what: string,
  service: Service,
  operation: string,
  right: object,
  wrong: object,
  finding: string,
];

/** Calls that are right. */
export const RULE = {
  ListenerArn: "arn",
  Priority: 3,
  Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }],
  Actions: [{ Type: "forward", TargetGroupArn: "arn" }],
};
export const GROUP = { Name: "prod-blue", Port: 80, Protocol: "HTTP", VpcId: "vpc-1" };
export const FUNCTION = {
  FunctionName: "watchdog",
  Role: "arn:aws:iam::123456789012:role/watchdog",
  Code: { ZipFile: "zip" },
  Handler: "lambda.handler",
  Runtime: "nodejs24.x",
};
export const METRIC = {
  Metric: { Namespace: "AWS/ECS", MetricName: "CPUUtilization" },
  Period: 60,
  Stat: "Average",
};
export const ALARM = {
  AlarmName: "cpu",
  EvaluationPeriods: 3,
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 90,
  Metrics: [{ Id: "cpu", MetricStat: METRIC, ReturnData: true }],
};
export const TASKS = {
  family: "prod-blue",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
  executionRoleArn: "arn",
  containerDefinitions: [{ name: "model", image: "model:1" }],
};
