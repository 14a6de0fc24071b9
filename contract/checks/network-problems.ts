import { addressProblems } from "./address-problems.ts";
import { speaksHttps } from "./host-name.ts";
import { problem, type Problem } from "./problem.ts";
import type { StackConfig } from "../config/stack-config.ts";

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

// ELB quotas, for each rule.
const MOST_VALUES = 5;
const MOST_WILDCARDS = 6;

const LISTS = ["hostHeaders", "pathPatterns"] as const;

function wildcardProblems({ network }: StackConfig): readonly Problem[] {
  if (network.listenerArn === undefined) return [];
  const counts = LISTS.map((key) => network[key].map((value) => value.replaceAll(/[^*?]/g, "").length));
  const wildcards = counts.flat().reduce((sum, count) => sum + count, 0);
  const worst = Math.max(...counts.flat());
  const at = counts.findIndex((each) => each.includes(worst));
  const key = LISTS[at];
  if (wildcards <= MOST_WILDCARDS || key === undefined) return [];
  const allowed = `fewer wildcards: a listener rule takes ${MOST_WILDCARDS} in all, the route would have ${wildcards}`;
  return [problem(`network.${key}`, network[key], allowed, removing(key, counts[at]?.indexOf(worst)))];
}

/** A test rule has the route's own condition values, `x-slot`, the tokens, and the source addresses. */
function valueProblems({ network, service, testTokens }: StackConfig): readonly Problem[] {
  const { listenerArn, hostHeaders, pathPatterns } = network;
  const own = listenerArn === undefined ? 1 : hostHeaders.length + pathPatterns.length;
  const tests = testTokens.length === 0 ? 0 : 1 + testTokens.length + service.testCidrs.length;
  const values = own + tests;
  if (values <= MOST_VALUES) return [];
  const whose = tests === 0 ? "the route" : "the test rules";
  const allowed = `fewer values: a listener rule takes ${MOST_VALUES} in all, ${whose} would have ${values}`;
  // The last of the addresses is not for the taking: without one, the token would travel over plain HTTP.
  if (testTokens.length > 0 && service.testCidrs.length > 1) {
    const fix = "pulumi config rm --path 'service.testCidrs[0]'";
    return [problem("service.testCidrs", service.testCidrs, allowed, fix)];
  }
  const key = hostHeaders.length > pathPatterns.length ? "hostHeaders" : "pathPatterns";
  return [problem(`network.${key}`, network[key], allowed, removing(key, 0))];
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

const removing = (key: string, index = 0) => `pulumi config rm --path 'network.${key}[${index}]'`;

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

// ECS API, AwsVpcConfiguration: "There's a limit of 16 subnets".
const MOST_SUBNETS = 16;

function subnetProblems({ network }: StackConfig): readonly Problem[] {
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

function sharedListenerProblems({ network }: StackConfig): readonly Problem[] {
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
