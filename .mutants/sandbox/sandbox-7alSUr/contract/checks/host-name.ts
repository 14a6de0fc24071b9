import { problem, type Problem } from "./problem.ts";
import type { ServiceConfig } from "../config/sections.ts";
import type { StackConfig } from "../config/stack-config.ts";

/** Whether the stack's own load balancer speaks HTTPS: with a certificate that is given, or that it makes itself. */
export const speaksHttps = ({
  certificateArn,
  hostedZoneId,
}: Pick<ServiceConfig, "certificateArn" | "hostedZoneId">): boolean =>
  certificateArn !== undefined || hostedZoneId !== undefined;

const NAME = "service.hostName";
const ZONE = "service.hostedZoneId";
const SET_HOST_NAME = `pulumi config set --path ${NAME} model.example.com`;
const removing = (key: string) => `pulumi config rm --path ${key}`;

// ACM API, RequestCertificate: the first name of a certificate, which X.509 has as its common name (RFC 5280).
const LONGEST_COMMON_NAME = 64;

/**
 * What does not fit between host name, hosted zone, certificate and listener. That a certificate needs a host name is
 * said of a person's update alone (transition/entrance.ts): stacks of version 0.1 have one without.
 */
export function hostNameProblems(config: StackConfig): readonly Problem[] {
  return config.network.listenerArn === undefined ? ownProblems(config) : sharedProblems(config);
}

function ownProblems({ service, localCloud }: StackConfig): readonly Problem[] {
  const { hostName, hostedZoneId, certificateArn } = service;
  if (hostedZoneId !== undefined && localCloud !== undefined) {
    return [problem(ZONE, hostedZoneId, "nothing: the local cloud has no TLS and no DNS", removing(ZONE))];
  }
  if (hostName === undefined) {
    const allowed = "the name in the zone that users call: the certificate and the record are for it";
    return hostedZoneId === undefined ? [] : [problem(NAME, "nothing", allowed, SET_HOST_NAME)];
  }
  if (!speaksHttps(service)) {
    const allowed = `nothing without ${ZONE} or service.certificateArn: plain HTTP is called by the load balancer's own name`;
    return [problem(NAME, hostName, allowed, removing(NAME))];
  }
  if (certificateArn === undefined && hostName.length > LONGEST_COMMON_NAME) {
    const allowed = `at most ${LONGEST_COMMON_NAME} characters with ${ZONE}: ACM takes no longer first name`;
    return [problem(NAME, hostName, allowed, SET_HOST_NAME)];
  }
  return [];
}

function sharedProblems({ service, network }: StackConfig): readonly Problem[] {
  const { hostName, hostedZoneId } = service;
  const problems: Problem[] = [];
  if (hostedZoneId !== undefined) {
    const allowed =
      "nothing with network.listenerArn: certificate and record are of whoever has the listener (infra/custom.ts has room for a record of your own)";
    problems.push(problem(ZONE, hostedZoneId, allowed, removing(ZONE)));
  }
  const { hostHeaders } = network;
  if (hostName !== undefined && hostHeaders.length > 0 && !hostHeaders.some((one) => covers(one, hostName))) {
    const allowed = `a name that network.hostHeaders has, or the route takes no request for it: ${hostHeaders.join(", ")}`;
    problems.push(problem(NAME, hostName, allowed, removing(NAME)));
  }
  return problems;
}

/** ELB user guide, host conditions: not case-sensitive; `*` is 0 or more characters, `?` exactly one. */
export function covers(pattern: string, hostName: string): boolean {
  const escaped = pattern.replaceAll(/[.-]/g, String.raw`\$&`);
  const expression = escaped.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(hostName);
}

/** The name by which requests reach the route of a shared listener; undefined: the load balancer's own. */
export const sharedName = ({
  service,
  network,
}: Pick<StackConfig, "service" | "network">): string | undefined =>
  service.hostName ?? network.hostHeaders.find((host) => !/[*?]/.test(host));

/** Without a name the output `url` has the load balancer's own. `why`: that does not do. */
export const missingName = (why: string): Problem =>
  problem(NAME, "nothing", `the name that users call: ${why}`, SET_HOST_NAME);

/** Of a certificate on the stack's own load balancer, without a name. */
export const missingHostName = missingName("service.certificateArn covers none of the load balancer's own");
