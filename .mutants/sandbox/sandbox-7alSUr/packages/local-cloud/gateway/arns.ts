import { randomBytes } from "node:crypto";
import { arnOf } from "../arn.ts";

/** ARNs as Elastic Load Balancing writes them, in the account of the local cloud. */
export interface Arns {
  loadBalancer(name: string): string;
  targetGroup(name: string): string;
  listener(loadBalancerArn: string): string;
  rule(listenerArn: string): string;
}

export function createArns(region: string): Arns {
  const prefix = arnOf("elasticloadbalancing", region, "");
  return {
    loadBalancer: (name) => `${prefix}loadbalancer/app/${name}/${id()}`,
    targetGroup: (name) => `${prefix}targetgroup/${name}/${id()}`,
    listener: (loadBalancerArn) => `${prefix}listener/${loadBalancerSuffix(loadBalancerArn)}/${id()}`,
    rule: (listenerArn) => `${prefix}listener-rule/${after(listenerArn, ":listener/")}/${id()}`,
  };
}

/** The value of the CloudWatch dimension LoadBalancer: `app/<name>/<id>`. */
export function loadBalancerSuffix(arn: string): string {
  return after(arn, ":loadbalancer/");
}

/** The value of the CloudWatch dimension TargetGroup: `targetgroup/<name>/<id>`. */
export function targetGroupSuffix(arn: string): string {
  return `targetgroup/${after(arn, ":targetgroup/")}`;
}

function after(arn: string, marker: string): string {
  return arn.slice(arn.indexOf(marker) + marker.length);
}

function id(): string {
  return randomBytes(8).toString("hex");
}
