import { isIP } from "node:net";
import {
  all,
  at,
  atMost,
  matches,
  required,
  texts,
  type Report,
  type InputRule,
  type Rules,
} from "./read.ts";

// Elastic Load Balancing's model has few patterns; what follows is the text of its API reference (the types of the same
// names) and of "Quotas for your Application Load Balancers" in its guide.
const NAME = /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/;
const NAME_ALLOWED = "1 to 32 letters, digits and hyphens, none at its ends";
const CERTIFICATE =
  /^arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate|iam::\d{12}:server-certificate)\/\S+$/;

/** TargetGroupAttribute and LoadBalancerAttribute: the attributes that are known here, and their values. */
const ATTRIBUTES: Readonly<Record<string, (value: string) => boolean>> = {
  "deregistration_delay.timeout_seconds": from(0, 3600),
  "load_balancing.algorithm.type": word("round_robin", "least_outstanding_requests", "weighted_random"),
  "slow_start.duration_seconds": (value) => value === "0" || from(30, 900)(value),
  "stickiness.enabled": word("true", "false"),
  "stickiness.type": word("lb_cookie", "app_cookie"),
  "stickiness.lb_cookie.duration_seconds": from(1, 604_800),
  "deletion_protection.enabled": word("true", "false"),
  "idle_timeout.timeout_seconds": from(1, 4000),
  "routing.http.desync_mitigation_mode": word("monitor", "defensive", "strictest"),
  "routing.http.drop_invalid_header_fields.enabled": word("true", "false"),
  "routing.http2.enabled": word("true", "false"),
};

function from(min: number, max: number): (value: string) => boolean {
  return (value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}

function word(...words: readonly string[]): (value: string) => boolean {
  return (value) => words.includes(value);
}

const attributes: InputRule = (input, report) => {
  const given = all(input, "Attributes").map(
    (one) => [String(at(one, "Key")), String(at(one, "Value"))] as const,
  );
  for (const [key, value] of given) {
    if (ATTRIBUTES[key]?.(value) !== true)
      report(`Attributes ${key}`, value, "a known attribute and its values");
  }
  const values = Object.fromEntries(given);
  const algorithm = values["load_balancing.algorithm.type"] ?? "round_robin";
  const slow = values["slow_start.duration_seconds"] ?? "0";
  // ELB guide, "Edit target group attributes", slow start mode.
  if (slow !== "0" && algorithm !== "round_robin")
    report("Attributes", values, "slow start with round_robin alone");
};

/** CreateTargetGroup, Matcher: for HTTP and HTTPS the range is 200-499; and what `HealthCheckTimeoutSeconds` is bound by. */
const healthCheck: InputRule = (input, report) => {
  const matcher = at(input, "Matcher", "HttpCode");
  if (matcher !== undefined && !String(matcher).split(",").every(isCodes)) {
    report("Matcher.HttpCode", matcher, "codes from 200 to 499, or ranges that rise");
  }
  const path = at(input, "HealthCheckPath");
  if (path !== undefined && !/^\/[^\s?#]*$/.test(String(path))) {
    report("HealthCheckPath", path, "a path that begins with /");
  }
  const [interval, timeout] = [
    at(input, "HealthCheckIntervalSeconds"),
    at(input, "HealthCheckTimeoutSeconds"),
  ];
  // ELB: "Health check timeout must be smaller than the interval" (ValidationError).
  if (Number(timeout) >= Number(interval))
    report("HealthCheckTimeoutSeconds", timeout, `less than ${String(interval)}`);
  const port = at(input, "HealthCheckPort");
  if (port !== undefined && port !== "traffic-port" && !from(1, 65_535)(String(port))) {
    report("HealthCheckPort", port, "traffic-port, or 1 to 65535");
  }
};

function isCodes(part: string): boolean {
  const [, first, last = first] = /^(\d{3})(?:-(\d{3}))?$/.exec(part) ?? [];
  return Number(first) >= 200 && Number(last) <= 499 && Number(first) <= Number(last);
}

/** Action, ForwardActionConfig, TargetGroupTuple, TargetGroupStickinessConfig, RedirectActionConfig, FixedResponseActionConfig. */
const actions =
  (member: string): InputRule =>
  (input, report) => {
    // A change may leave them as they are.
    if (at(input, member) === undefined) return;
    const given = all(input, member);
    if (given.length !== 1) report(member, given.length, "one action, of those that the program has");
    for (const [index, action] of given.entries()) {
      const path = `${member}[${index}]`;
      const check = ACTIONS[String(at(action, "Type"))];
      if (check === undefined) report(`${path}.Type`, at(action, "Type"), Object.keys(ACTIONS).join(", "));
      check?.(action, path, report);
    }
  };

const ACTIONS: Readonly<Record<string, (action: unknown, path: string, report: Report) => void>> = {
  forward(action, path, report) {
    const groups = all(action, "ForwardConfig", "TargetGroups");
    const single = at(action, "TargetGroupArn");
    if ((single === undefined) === (groups.length === 0)) {
      report(path, action, "a target group, or a ForwardConfig with some");
    }
    if (groups.length > 5) report(`${path}.ForwardConfig.TargetGroups`, groups.length, "at most 5");
    for (const group of groups) {
      const weight = at(group, "Weight");
      if (weight !== undefined && !from(0, 999)(String(weight))) report(`${path} Weight`, weight, "0 to 999");
    }
    const sticky = at(action, "ForwardConfig", "TargetGroupStickinessConfig");
    const seconds = at(sticky, "DurationSeconds");
    const isNeeded = at(sticky, "Enabled") === true;
    if ((isNeeded || seconds !== undefined) && !from(1, 604_800)(String(seconds))) {
      report(`${path} stickiness DurationSeconds`, seconds, "1 to 604800");
    }
  },
  redirect(action, path, report) {
    const port = String(at(action, "RedirectConfig", "Port") ?? "#{port}");
    if (port !== "#{port}" && !from(1, 65_535)(port)) report(`${path} Port`, port, "#{port}, or 1 to 65535");
    const changed = ["Protocol", "Host", "Port", "Path"].some(
      (part) => at(action, "RedirectConfig", part) !== undefined,
    );
    if (!changed) report(path, action, "another protocol, host, port or path, or it is a loop");
  },
  "fixed-response"(action, path, report) {
    const type = String(at(action, "FixedResponseConfig", "ContentType") ?? "text/plain");
    const known = word("text/plain", "text/css", "text/html", "application/javascript", "application/json");
    if (!known(type)) report(`${path} ContentType`, type, "a type that it lists");
  },
};

// RuleCondition, Values: the characters of host names and path patterns. HostHeaderConditionConfig: "You must include at
// least one "." character. You can include only alphabetical characters after the final "." character."
const HOST = /^(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z*?]+$/;
const PATH = /^[A-Za-z0-9_.$/~"'@:+&*?-]{1,128}$/;
// HttpHeaderConditionConfig: a name as RFC 7230 has it, at most 40 characters, and not the host header.
const HEADER = /^(?!host$)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/i;
const ONCE = ["host-header", "path-pattern", "source-ip", "http-request-method"];
const MOST_VALUES = 5;
const MOST_WILDCARDS = 6;

const conditions: InputRule = (input, report) => {
  const given = all(input, "Conditions");
  if (given.length === 0) report("Conditions", given, "at least one");
  const fields = given.map((condition) => String(at(condition, "Field")));
  for (const field of ONCE) {
    if (fields.filter((one) => one === field).length > 1)
      report("Conditions", fields, `${field} at most once`);
  }
  const values = given.flatMap((condition, index) => {
    const known = CONDITIONS[String(at(condition, "Field"))];
    const own = known === undefined ? [] : texts(condition, known.config, "Values");
    if (own.length === 0)
      report(`Conditions[${index}]`, condition, "values, of a condition that the program has");
    for (const value of own) {
      if (known?.takes(value) === false) report(`Conditions[${index}]`, value, known.allowed);
    }
    const name = at(condition, "HttpHeaderConfig", "HttpHeaderName");
    if (name !== undefined && !HEADER.test(String(name)))
      report(`Conditions[${index}]`, name, "the name of a header");
    return own;
  });
  if (values.length > MOST_VALUES) report("Conditions", values, `at most ${MOST_VALUES} values in a rule`);
  const wildcards = values.join("").replaceAll(/[^*?]/g, "").length;
  if (wildcards > MOST_WILDCARDS)
    report("Conditions", values, `at most ${MOST_WILDCARDS} wildcards in a rule`);
};

const CONDITIONS: Readonly<
  Record<string, { readonly config: string; readonly allowed: string; takes(value: string): boolean }>
> = {
  "host-header": {
    config: "HostHeaderConfig",
    allowed: "a host name of at most 128 characters with a dot, and only letters behind the last one",
    takes: (value) => HOST.test(value),
  },
  "path-pattern": {
    config: "PathPatternConfig",
    allowed: "a path pattern of at most 128 letters, digits and _ - . $ / ~ \" ' @ : + & * ?",
    takes: (value) => PATH.test(value),
  },
  "http-header": {
    config: "HttpHeaderConfig",
    allowed: "1 to 128 characters",
    takes: (value) => value.length >= 1 && value.length <= 128,
  },
  "source-ip": { config: "SourceIpConfig", allowed: "a CIDR block", takes: isCidr },
};

/** RFC 4632 and RFC 4291: an address and the number of its leading bits. */
export function isCidr(text: string): boolean {
  const [address = "", bits = "", ...more] = text.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

const listener: InputRule = (input, report) => {
  const isHttps = at(input, "Protocol") === "HTTPS";
  const certificates = all(input, "Certificates");
  if (isHttps !== (certificates.length === 1)) report("Certificates", certificates, "exactly one with HTTPS");
  if (isHttps !== (at(input, "SslPolicy") !== undefined))
    report("SslPolicy", at(input, "SslPolicy"), "one with HTTPS");
  for (const certificate of certificates) {
    const arn = String(at(certificate, "CertificateArn"));
    if (!CERTIFICATE.test(arn)) report("Certificates", arn, "the ARN of a certificate of ACM or IAM");
  }
};

const loadBalancer: InputRule = (input, report) => {
  const subnets = texts(input, "Subnets");
  if (new Set(subnets).size < 2) report("Subnets", subnets, "subnets in two zones at least");
  // CreateLoadBalancer, IpAddressType: "Internal load balancers must use ipv4."
  if (at(input, "Scheme") === "internal" && (at(input, "IpAddressType") ?? "ipv4") !== "ipv4") {
    report("IpAddressType", at(input, "IpAddressType"), "ipv4 with an internal load balancer");
  }
};

const only =
  (member: string, ...words: readonly string[]): InputRule =>
  (input, report) => {
    const value = at(input, member);
    if (value !== undefined && !words.includes(String(value))) report(member, value, words.join(", "));
  };

const elb = (operation: string) => `elasticloadbalancing:${operation}`;

export const ELB_RULES: Rules = {
  [elb("CreateTargetGroup")]: [
    matches("Name", NAME, NAME_ALLOWED),
    required("Port", "Protocol", "VpcId"),
    only("Protocol", "HTTP", "HTTPS"),
    only("ProtocolVersion", "HTTP1", "HTTP2", "GRPC"),
    healthCheck,
  ],
  [elb("ModifyTargetGroupAttributes")]: [attributes],
  [elb("CreateLoadBalancer")]: [
    matches("Name", NAME, NAME_ALLOWED),
    matches("Name", /^(?!internal-)/, "a name that does not begin with internal-"),
    loadBalancer,
  ],
  [elb("ModifyLoadBalancerAttributes")]: [attributes],
  [elb("CreateListener")]: [
    required("Port", "Protocol"),
    only("Protocol", "HTTP", "HTTPS"),
    listener,
    actions("DefaultActions"),
  ],
  [elb("CreateRule")]: [conditions, actions("Actions")],
  [elb("ModifyRule")]: [actions("Actions")],
  // DescribeTags: "You can specify up to 20 resources in a single call."
  [elb("DescribeTags")]: [atMost("ResourceArns", 20)],
};
