import { notSimulated } from "../../aws-api/errors.ts";
import { validationError } from "./input.ts";

/** What an attribute may be set to. `simulated` values act or need no acting here; others are refused by name. */
interface Attribute {
  readonly initial: string;
  readonly allowed: RegExp | { readonly min: number; readonly max: number };
  readonly simulated?: readonly string[];
}

const FLAG = /^(true|false)$/;
const OFF = { initial: "false", allowed: FLAG, simulated: ["false"] };
const ANY = /^/;

/**
 * ELB API, LoadBalancerAttribute. What concerns TLS, HTTP/2, WAF, zones or log buckets is kept and read back: the
 * local cloud has none of those that it could act on.
 */
export const LOAD_BALANCER_ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  "access_logs.s3.enabled": { initial: "false", allowed: FLAG },
  "access_logs.s3.bucket": { initial: "", allowed: ANY },
  "access_logs.s3.prefix": { initial: "", allowed: ANY },
  "client_keep_alive.seconds": { initial: "3600", allowed: { min: 60, max: 604_800 } },
  "connection_logs.s3.enabled": { initial: "false", allowed: FLAG },
  "connection_logs.s3.bucket": { initial: "", allowed: ANY },
  "connection_logs.s3.prefix": { initial: "", allowed: ANY },
  "deletion_protection.enabled": { initial: "false", allowed: FLAG },
  "idle_timeout.timeout_seconds": { initial: "60", allowed: { min: 1, max: 4000 } },
  "ipv6.deny_all_igw_traffic": { initial: "false", allowed: FLAG },
  "load_balancing.cross_zone.enabled": { initial: "true", allowed: /^true$/ },
  "routing.http.desync_mitigation_mode": { initial: "defensive", allowed: /^(monitor|defensive|strictest)$/ },
  "routing.http.drop_invalid_header_fields.enabled": { initial: "false", allowed: FLAG },
  "routing.http.preserve_host_header.enabled": { initial: "false", allowed: FLAG },
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": { initial: "false", allowed: FLAG },
  "routing.http.xff_client_port.enabled": OFF,
  "routing.http.xff_header_processing.mode": {
    initial: "append",
    allowed: /^(append|preserve|remove)$/,
    simulated: ["append"],
  },
  "routing.http2.enabled": { initial: "true", allowed: FLAG },
  "waf.fail_open.enabled": { initial: "false", allowed: FLAG },
  "zonal_shift.config.enabled": { initial: "false", allowed: FLAG },
};

/** ELB API, TargetGroupAttribute. */
export const TARGET_GROUP_ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  "deregistration_delay.timeout_seconds": { initial: "300", allowed: { min: 0, max: 3600 } },
  "load_balancing.algorithm.type": {
    initial: "round_robin",
    allowed: /^(round_robin|least_outstanding_requests|weighted_random)$/,
    simulated: ["round_robin", "least_outstanding_requests"],
  },
  "load_balancing.algorithm.anomaly_mitigation": {
    initial: "off",
    allowed: /^(on|off)$/,
    simulated: ["off"],
  },
  "load_balancing.cross_zone.enabled": {
    initial: "use_load_balancer_configuration",
    allowed: /^(true|false|use_load_balancer_configuration)$/,
  },
  // 0, or 30 to 900.
  "slow_start.duration_seconds": { initial: "0", allowed: /^(0|[3-9]\d|[1-8]\d\d|900)$/ },
  "stickiness.enabled": OFF,
  "stickiness.type": { initial: "lb_cookie", allowed: /^(lb_cookie|app_cookie)$/ },
  "stickiness.lb_cookie.duration_seconds": { initial: "86400", allowed: { min: 1, max: 604_800 } },
  "stickiness.app_cookie.cookie_name": { initial: "", allowed: ANY },
  "stickiness.app_cookie.duration_seconds": { initial: "86400", allowed: { min: 1, max: 604_800 } },
  "target_group_health.dns_failover.minimum_healthy_targets.count": {
    initial: "1",
    allowed: ANY,
    simulated: ["1"],
  },
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": {
    initial: "off",
    allowed: ANY,
    simulated: ["off"],
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": {
    initial: "1",
    allowed: ANY,
    simulated: ["1"],
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": {
    initial: "off",
    allowed: ANY,
    simulated: ["off"],
  },
};

interface KeyValue {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function initialAttributes(table: Readonly<Record<string, Attribute>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, { initial }]) => [key, initial]));
}

/** The attributes after setting some. Refuses keys and values that do not exist or are not simulated. */
export function setAttributes(
  table: Readonly<Record<string, Attribute>>,
  current: Readonly<Record<string, string>>,
  changes: readonly KeyValue[] | undefined,
): Record<string, string> {
  const next = { ...current };
  for (const { Key: key = "", Value: value = "" } of changes ?? []) {
    const attribute = Object.hasOwn(table, key) ? table[key] : undefined;
    if (attribute === undefined)
      throw validationError(
        `'${key}' is not a valid attribute key for a load balancer of type 'application'`,
      );
    if (!isAllowed(attribute.allowed, value))
      throw validationError(`'${value}' is not a valid value for attribute '${key}'`);
    if (attribute.simulated?.includes(value) === false)
      throw notSimulated("Elastic Load Balancing", `attribute ${key} = ${value}`);
    next[key] = value;
  }
  return next;
}

export function listAttributes(
  attributes: Readonly<Record<string, string>>,
): { Key: string; Value: string }[] {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}

function isAllowed(allowed: Attribute["allowed"], value: string): boolean {
  if (allowed instanceof RegExp) return allowed.test(value);
  return /^\d+$/.test(value) && Number(value) >= allowed.min && Number(value) <= allowed.max;
}
