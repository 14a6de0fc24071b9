import * as aws from "@pulumi/aws";
import { problem, type Problem } from "../../contract/checks/problem.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { Home } from "../component/place.ts";
import type { Previous } from "../../contract/transition/previous.ts";
import { movesUsers } from "../../contract/transition/routing.ts";
import { isManual } from "../../contract/transition/step.ts";

/**
 * What only AWS knows of certificate and hosted zone, asked before anything is made: ACM would wait an hour for a record
 * that nobody can see. Asked in a person's update that does not move users alone.
 */
export async function hostNameProblems(
  config: StackConfig,
  previous: Previous | undefined,
  asking: Home["asking"],
): Promise<readonly Problem[]> {
  if (config.network.listenerArn !== undefined) return [];
  if (previous !== undefined && (!isManual(previous, config) || movesUsers(previous, config))) return [];
  return [...(await certificateProblems(config, asking)), ...(await zoneProblems(config, asking))];
}

/** ACM user guide: a load balancer takes certificates of its own region alone. One of IAM has none in its ARN. */
async function certificateProblems(
  { service }: StackConfig,
  asking: Home["asking"],
): Promise<readonly Problem[]> {
  const { certificateArn } = service;
  const [, , of, at = ""] = certificateArn?.split(":") ?? [];
  if (certificateArn === undefined || of !== "acm") return [];
  const { region } = await aws.getRegion({}, asking);
  if (at === region) return [];
  const key = "service.certificateArn";
  const allowed = `a certificate of ${region}, where the load balancer stands`;
  return [problem(key, certificateArn, allowed, `pulumi config set --path ${key} <ARN of one in ${region}>`)];
}

async function zoneProblems({ service }: StackConfig, asking: Home["asking"]): Promise<readonly Problem[]> {
  const { hostedZoneId, hostName } = service;
  if (hostedZoneId === undefined || hostName === undefined) return [];
  const { name, privateZone } = await aws.route53.getZone({ zoneId: hostedZoneId }, asking);
  const key = "service.hostedZoneId";
  const fix = `pulumi config set --path ${key} Z…`;
  if (privateZone) {
    // ACM user guide, DNS validation: the record must be in the public DNS.
    const allowed = `a public hosted zone; that of ${name} is private, and ACM would never see its record`;
    return [problem(key, hostedZoneId, allowed, fix)];
  }
  const isInside = hostName === name || hostName.endsWith(`.${name}`);
  const allowed = `the hosted zone of ${hostName}; it is that of ${name}`;
  return isInside ? [] : [problem(key, hostedZoneId, allowed, fix)];
}
