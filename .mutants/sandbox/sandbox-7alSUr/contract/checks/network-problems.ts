import { addressProblems } from "./address-problems.ts";
import { speaksHttps } from "./host-name.ts";
import { problem, type Problem } from "./problem.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { valueProblems, wildcardProblems } from "./rule-limits.ts";
import { sharedListenerProblems, subnetProblems } from "./existing-network.ts";

/** What does not fit between the network, the listener and the rules on it. */
export function networkProblems(config: StackConfig): readonly Problem[] {
  const { network } = config;
  return [
    ...wildcardProblems(config),
    ...valueProblems(config),
    ...testRuleProblems(config),
    ...certificateProblems(config),
    ...zoneProblems(config),
    ...addressProblems(config),
    ...(network.vpcId === undefined ? [] : subnetProblems(config)),
    ...(network.listenerArn === undefined ? [] : sharedListenerProblems(config)),
  ];
}

/** Of a shared listener only AWS knows whether it speaks HTTPS; the program asks. */
function testRuleProblems({ network, service, testTokens, localCloud }: StackConfig): readonly Problem[] {
  const isClosed = speaksHttps(service) || service.testCidrs.length > 0;
  const isKnown = network.listenerArn === undefined && localCloud === undefined;
  return testTokens.length === 0 || isClosed || !isKnown ? [] : [openTestRules()];
}

function certificateProblems({ network, service, localCloud }: StackConfig): readonly Problem[] {
  const { certificateArn } = service;
  if (certificateArn === undefined || localCloud === undefined || network.listenerArn !== undefined)
    return [];
  const key = "service.certificateArn";
  const allowed = "nothing: the local cloud has no TLS";
  return [problem(key, certificateArn, allowed, `pulumi config rm --path ${key}`)];
}

export function openTestRules(): Problem {
  const allowed = "at least one CIDR block, because the token would travel over plain HTTP";
  const fix = "pulumi config set --path 'service.testCidrs[0]' <your address>/32";
  return problem("service.testCidrs", [], allowed, fix);
}

const MOST_ZONES = 6;

function zoneProblems({ network: { vpcId, zoneNames } }: StackConfig): readonly Problem[] {
  const distinct = new Set(zoneNames).size;
  const key = "network.zoneNames";
  if (distinct === 0) return [];
  if (vpcId !== undefined) {
    const allowed = "nothing when network.vpcId is given: the zones are those of its subnets";
    return [problem(key, zoneNames, allowed, `pulumi config rm --path ${key}`)];
  }
  if (distinct === zoneNames.length && distinct >= 2 && distinct <= MOST_ZONES) return [];
  const allowed = `from 2 to ${MOST_ZONES} zones, each once`;
  return [problem(key, zoneNames, allowed, `pulumi config set --path '${key}[${distinct}]' <zone>`)];
}
