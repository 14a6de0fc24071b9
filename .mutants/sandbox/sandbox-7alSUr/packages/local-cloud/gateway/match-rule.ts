import { BlockList, isIPv6 } from "node:net";
import type { RuleConditionRecord } from "./model.ts";
import { matchesWildcards } from "./wildcards.ts";

/** What a rule can look at. Header names are in lower case. */
export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly sourceIp: string;
}

export type Matcher = (request: RequestFacts) => boolean;

/** A matcher for all of a rule's conditions; each condition needs one of its values. No condition: every request. */
export function compileConditions(conditions: readonly RuleConditionRecord[]): Matcher {
  const matchers = conditions.map(compileCondition);
  const [only] = matchers;
  if (only !== undefined && matchers.length === 1) return only;
  return (request) => matchers.every((matches) => matches(request));
}

/** ELB API, RuleCondition: paths and methods are case-sensitive; hosts, header values and query strings are not. */
function compileCondition(condition: RuleConditionRecord): Matcher {
  switch (condition.field) {
    case "path-pattern": {
      const matches = anyPattern(condition.values, "case-sensitive");
      return (request) => matches(request.path);
    }
    case "host-header": {
      const matches = anyPattern(condition.values, "ignore-case");
      return (request) => matches(hostName(request.headers["host"]));
    }
    case "http-request-method": {
      const methods = new Set(condition.values);
      return (request) => methods.has(request.method);
    }
    case "source-ip":
      return sourceIpMatcher(condition.values);
    case "http-header": {
      const matches = anyPattern(condition.values, "ignore-case");
      const name = condition.name.toLowerCase();
      return (request) => headerValues(request.headers[name]).some(matches);
    }
    case "query-string":
      return queryMatcher(condition.values);
  }
}

/** A list per IP version: node:net's BlockList holds an IPv4 address to be within an IPv6 block such as `::/0`. */
function sourceIpMatcher(cidrs: readonly string[]): Matcher {
  const blocks = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const cidr of cidrs) {
    const [network = "", bits] = cidr.split("/");
    const version = versionOf(network);
    blocks[version].addSubnet(network, Number(bits), version);
  }
  return ({ sourceIp }) => {
    const version = versionOf(sourceIp);
    return blocks[version].check(sourceIp, version);
  };
}

function versionOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function queryMatcher(values: readonly { readonly key?: string; readonly value: string }[]): Matcher {
  const pairs = values.map(({ key, value }) => ({
    key: key === undefined ? () => true : anyPattern([key], "ignore-case"),
    value: anyPattern([value], "ignore-case"),
  }));
  return (request) => {
    for (const [key, value] of new URLSearchParams(request.query))
      if (pairs.some((pair) => pair.key(key) && pair.value(value))) return true;
    return false;
  };
}

/** A matcher for texts that are what any of the patterns says. */
function anyPattern(
  patterns: readonly string[],
  casing: "case-sensitive" | "ignore-case",
): (text: string) => boolean {
  if (patterns.some((pattern) => /^\*+$/.test(pattern))) return () => true;
  const cased = (text: string) => (casing === "ignore-case" ? text.toLowerCase() : text);
  const wanted = patterns.map(cased);
  return (text) => {
    const found = cased(text);
    return wanted.some((pattern) => matchesWildcards(pattern, found));
  };
}

function hostName(host: string | readonly string[] | undefined): string {
  return typeof host === "string" ? host.replace(/:\d+$/, "") : "";
}

function headerValues(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
