import { isIP } from "node:net";
import { OWN_ALARM_ALLOWED, readOwnAlarm } from "./own-alarm.ts";
import { CUSTOM_GATE_ALLOWED, readCustomGate } from "./custom-gate.ts";
import { decisionFields } from "./decision.ts";
import { followFields } from "../release/follow-share.ts";
import {
  decimal,
  flag,
  integer,
  list,
  matching,
  oneOf,
  orAuto,
  text,
  textOr,
  type ValuesOf,
} from "./field.ts";
import { modelFields, POLICY_ARN } from "./model-fields.ts";
import { readStep, STEPS_ALLOWED } from "./steps.ts";
import { shadowField } from "./shadow-policy.ts";
import { syntheticLoadField } from "./synthetic-load.ts";

/** The sections of the configuration that belong to the user. */
/** Bits of an address, by its version. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };
/** A block of IPv4 or IPv6 addresses. */
function cidr(raw: unknown): string | undefined {
  if (typeof raw !== "string") return undefined;
  const [address = "", bits = "", ...more] = raw.split("/");
  const isBlock = /^\d{1,3}$/.test(bits) && Number(bits) <= (BITS[isIP(address)] ?? -1);
  return isBlock && more.length === 0 ? raw : undefined;
}
// VPC: /16 at most. ELB: a load balancer's subnets are /27 or larger, and the program makes 16 ranges.
const VPC_CIDR = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}\/(1[6-9]|2[0-3])$/;

const CERTIFICATE_ARN = /^arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d+:certificate|iam::\d+:server-certificate)\/\S+$/;
const LISTENER_ARN = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d+:listener\/app(\/[^\s/]+){3}$/;
// ELB API, HostHeaderConditionConfig: "You must include at least one "." character. You can include only alphabetical
// characters after the final "." character."
const HOST_HEADER = /^(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z*?]+$/;
// ELB API, RuleCondition: which characters a path pattern has.
const PATH_PATTERN = /^\/[A-Za-z0-9_.$/~"'@:+&*?-]{0,127}$/;

// RFC 1035, 2.3.1, and RFC 1123, 2.1: labels of 63, 253 in all; the last one is no number, or it would be an address.
const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

export const serviceFields = {
  ...modelFields,
  stickinessSeconds: integer(
    { min: 0, max: 604_800, unit: "seconds" },
    0,
    "How long a user stays on the slot of the first answer while traffic is split; 0: not at all.",
  ),
  certificateArn: text(
    CERTIFICATE_ARN,
    "the ARN of an ACM certificate",
    "Certificate for HTTPS; HTTP is then redirected. On the stack's own load balancer it needs `hostName`.",
  ),
  hostName: text(
    HOST_NAME,
    "a DNS name in lower case",
    "Name by which users call the model, which the certificate covers: the output `url` has it.",
  ),
  hostedZoneId: text(
    /^Z[A-Z0-9]{1,31}$/,
    "the id of a public hosted zone of Route 53",
    "Hosted zone of `hostName`; with it the stack makes the name's record, and without `certificateArn` its certificate, too.",
  ),
  allowedCidrs: list(cidr, "a list of CIDR blocks", ["0.0.0.0/0"], "Who may reach the load balancer."),
  testCidrs: list(
    cidr,
    "a list of CIDR blocks",
    [],
    "Who may use the test rules; needed with plain HTTP on AWS.",
  ),
  allowInPlace: flag(
    false,
    "Whether an update may replace the tasks of a slot that has users or stands by: one slot at a time, and while the other has healthy targets.",
  ),
  logDays: oneOf(["1", "7", "30", "90", "365"], "30", "Retention of the container logs in days."),
} as const;

export const networkFields = {
  vpcId: text(/^vpc-[0-9a-z]+$/, "a VPC id", "An existing VPC; none: the stack makes its own."),
  publicSubnetIds: list(
    matching(/^subnet-[0-9a-z]+$/),
    "a list of subnet ids",
    [],
    "Subnets of the load balancer in an existing VPC (two zones or more).",
  ),
  taskSubnetIds: list(
    matching(/^subnet-[0-9a-z]+$/),
    "a list of subnet ids",
    [],
    "Subnets of the tasks in an existing VPC.",
  ),
  assignPublicIp: flag(
    false,
    "Whether tasks in an existing VPC get a public IP (needed in subnets without NAT).",
  ),
  cidr: textOr(
    VPC_CIDR,
    "a CIDR block from /16 to /23",
    "10.0.0.0/16",
    "Address range of the stack's own VPC.",
  ),
  zones: integer({ min: 2, max: 6, unit: "zones" }, 2, "Availability Zones of the stack's own VPC."),
  zoneNames: list(
    matching(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}[a-z]$/),
    "a list of names of Availability Zones, like us-east-1a",
    [],
    "The zones of the stack's own VPC, in place of `zones`; none: as many as `zones` says, chosen at the first update and kept.",
  ),
  nat: oneOf(
    ["none", "single", "onePerZone"],
    "none",
    "NAT of the stack's own VPC; `none`: tasks run in public subnets behind a closed security group.",
  ),
  internal: flag(
    false,
    "Whether the stack's own load balancer is reached from inside its VPC alone, and from what is connected to that; then the tools must run there, too.",
  ),
  ipAddressType: oneOf(
    ["ipv4", "dualstack"],
    "ipv4",
    "Addresses of the stack's own load balancer; `dualstack` in an existing VPC whose subnets have IPv6.",
  ),
  listenerArn: text(
    LISTENER_ARN,
    "the ARN of a listener of an application load balancer",
    "An existing listener to share; the stack then makes no load balancer.",
  ),
  hostHeaders: list(
    matching(HOST_HEADER),
    "a list of host names, each with a dot and only letters behind the last one",
    [],
    "Host conditions of the route (shared listener).",
  ),
  pathPatterns: list(
    matching(PATH_PATTERN),
    "a list of path patterns of letters, digits and `_ - . $ / ~ \" ' @ : + & * ?`, each beginning with /",
    [],
    "Path conditions of the route (shared listener).",
  ),
  priority: integer(
    { min: 3, max: 50_000 },
    100,
    "Priority of the route; the test rules stand at the two numbers before it.",
  ),
} as const;

export const iamFields = {
  permissionsBoundaryArn: text(
    POLICY_ARN,
    "the ARN of a policy of IAM",
    "Permissions boundary of every role that the stack makes; none: they have none.",
  ),
  // Less than IAM takes: it stands in policies, where * and ? mean something else; and of the 512 characters of a path
  // (IAM API, CreateRole) the stack's own part takes up to 57.
  rolePath: textOr(
    /^(?=.{1,450}$)\/([A-Za-z0-9._-]+\/){0,8}$/,
    "a path of IAM of letters, digits, `.`, `_`, `-`, that begins and ends with /, at most 450 characters",
    "/",
    "Path under which the stack makes its roles; kept from the first update on.",
  ),
} as const;

export const thresholdFields = {
  maxErrorRate: decimal(
    { above: 0, max: 1 },
    0.05,
    "Greatest share of a slot's answers that may be 5xx, and of its requests that may get no answer.",
  ),
  maxSlowRate: decimal({ above: 0, max: 1 }, 0.1, "Greatest share of a slot's requests that may be slow."),
  slowSeconds: decimal(
    { above: 0.001, max: 300, unit: "seconds" },
    1,
    "A request is slow when its answer begins later than this.",
  ),
  maxCpuUtilization: decimal(
    { above: 0, max: 100, unit: "percent" },
    90,
    "Greatest average CPU utilisation of a slot.",
  ),
  maxMemoryUtilization: decimal(
    { above: 0, max: 100, unit: "percent" },
    90,
    "Greatest average memory utilisation of a slot.",
  ),
  minRequestsPerMinute: integer(
    { min: 1, max: 100_000, unit: "requests" },
    20,
    "A rate is judged only in minutes with at least this many requests.",
  ),
} as const;

export const rolloutFields = {
  steps: list(
    readStep,
    STEPS_ALLOWED,
    [10, 25, 50, 100],
    "Shares of the candidate in percent, one after the other; each may be `{percent, bakeMinutes, approval, provenRatio}`. Before them one `{cohort, bakeMinutes}` may stand (docs/fleet/cohorts.md). A last share below 100 keeps some users on the active slot (a holdback) until that step is through.",
  ),
  bakeMinutes: integer(
    { min: 0, max: 10_080, unit: "minutes" },
    10,
    "How long each step is watched at least.",
  ),
  minRequests: integer(
    { min: 0, max: 10_000_000, unit: "requests" },
    50,
    "Requests that the candidate must have answered in a step before it may advance.",
  ),
  deadlineMinutes: orAuto(
    integer(
      { min: 1, max: 20_160, unit: "minutes" },
      60,
      "Within this time a step must be decided. `auto`: four times what was planned for it at the last day's traffic, 60 at least.",
    ),
  ),
  atDeadline: oneOf(
    ["hold", "revert"],
    "hold",
    "What happens to a step that is not decided at its deadline: no evidence, no approval, still paused.",
  ),
  retreatMinutes: integer(
    { min: 1, max: 1440, unit: "minutes" },
    10,
    "After so long a candidate that gave its users back in doubt is tried again, one step lower.",
  ),
  maxRetreats: integer(
    { min: 0, max: 10 },
    2,
    "So often it is tried again by itself; after that it waits without users for a person.",
  ),
  ...decisionFields,
  approvals: list(
    (raw) => integer({ min: 1, max: 100 }, 1, "").read(raw)?.value,
    "a list of shares that rollout.steps names",
    [],
    "Shares that the candidate gets only after `npx bluegreen approve`.",
  ),
  fastTrackReleases: integer(
    { min: 0, max: 100, unit: "releases" },
    0,
    "A digest that was promoted within so many of the last releases goes without the bakes, every gate still judging it; 0: none does.",
  ),
  ...followFields,
  alarms: list(
    readOwnAlarm,
    OWN_ALARM_ALLOWED,
    [],
    "Alarms of your own (metric, composite, anomaly) that also judge a candidate: in ALARM since it has users moves them back, no answer holds.",
  ),
  customGates: list(
    readCustomGate,
    CUSTOM_GATE_ALLOWED,
    [],
    "Checks of your own, asked while the candidate has users: they get the context of a check as JSON and answer pass, fail or no answer.",
  ),
  warmSeconds: integer(
    { min: 0, max: 900, unit: "seconds" },
    120,
    "So long at most `rollout` warms a candidate before its first users: with the golden set through its test rule, at a rising rate, until its latency is steady; 0: not at all.",
  ),
  shadow: shadowField,
  syntheticLoad: syntheticLoadField,
  cohorts: flag(
    false,
    "Whether `deploy` registers a slot with a target group of its own for cohorts (`npx bluegreen cohort`), and so lets it have some.",
  ),
  watchdog: flag(
    true,
    "Whether a Lambda in the stack moves users back when nobody else does: at the candidate's alarm, and past the deadline where `atDeadline` is `revert`.",
  ),
  watchdogManual: flag(false, "Whether the watchdog may also roll back a share that was shifted manually."),
  watchdogReserved: flag(
    false,
    "Whether one of the account's Lambda executions is kept for the watchdog alone, so that no two of its calls run at once. AWS refuses it where fewer than 100 would be left to others, as in a new account.",
  ),
  notifyTopicArn: text(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
    "the ARN of an SNS topic",
    "Topic that is told what happens to releases; none: nobody.",
  ),
  protect: flag(
    true,
    "Whether load balancer, listener, route and target groups are protected from deletion.",
  ),
} as const;

export type ServiceConfig = ValuesOf<typeof serviceFields>;
export type NetworkConfig = ValuesOf<typeof networkFields>;
export type IamConfig = ValuesOf<typeof iamFields>;
export type Thresholds = ValuesOf<typeof thresholdFields>;
export type RolloutPolicy = ValuesOf<typeof rolloutFields>;
