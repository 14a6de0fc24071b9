import { problem, type Problem } from "./problem.ts";
import type { StackConfig } from "../config/stack-config.ts";

// ELB quotas, for each rule.
const MOST_VALUES = 5;
const MOST_WILDCARDS = 6;

const LISTS = ["hostHeaders", "pathPatterns"] as const;

export function wildcardProblems({ network }: StackConfig): readonly Problem[] {
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
export function valueProblems({ network, service, testTokens }: StackConfig): readonly Problem[] {
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

const removing = (key: string, index = 0) => `pulumi config rm --path 'network.${key}[${index}]'`;
