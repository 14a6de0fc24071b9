import { problem, type Problem } from "./problem.ts";
import type { StackConfig } from "../config/stack-config.ts";

// ECS API, AwsVpcConfiguration: "There's a limit of 16 subnets".
const MOST_SUBNETS = 16;

export function subnetProblems({ network }: StackConfig): readonly Problem[] {
  if (network.taskSubnetIds.length > MOST_SUBNETS) {
    const key = "network.taskSubnetIds";
    const allowed = `at most ${MOST_SUBNETS} subnets, as many as ECS takes for a service`;
    return [
      problem(key, network.taskSubnetIds, allowed, `pulumi config rm --path '${key}[${MOST_SUBNETS}]'`),
    ];
  }
  const keys = (["publicSubnetIds", "taskSubnetIds"] as const).filter(
    (key) =>
      new Set(network[key]).size < 2 && !(key === "publicSubnetIds" && network.listenerArn !== undefined),
  );
  return keys.map((key) => {
    const next = new Set(network[key]).size;
    const allowed = "subnets in two zones or more when network.vpcId is given";
    return problem(
      `network.${key}`,
      network[key],
      allowed,
      `pulumi config set --path 'network.${key}[${next}]' subnet-…`,
    );
  });
}

export function sharedListenerProblems({ network }: StackConfig): readonly Problem[] {
  const problems: Problem[] = [];
  if (network.vpcId === undefined) {
    const fix = "pulumi config set --path network.vpcId vpc-…";
    problems.push(problem("network.vpcId", "nothing", "the VPC of the shared listener", fix));
  }
  if (network.hostHeaders.length + network.pathPatterns.length === 0) {
    const allowed =
      "host names, or network.pathPatterns: on a shared listener the route must say which requests are its own";
    const fix = "pulumi config set --path 'network.hostHeaders[0]' model.example.com";
    problems.push(problem("network.hostHeaders", [], allowed, fix));
  }
  return problems;
}
