import * as v from "valibot";
import { percents } from "../../contract/config/steps.ts";
import type { Field } from "../../contract/config/field.ts";
import { rolloutFields, thresholdFields, type RolloutPolicy } from "../../contract/config/sections.ts";
import { UserError } from "../errors.ts";
import { DEFAULT_SETTINGS } from "../insight/replay/settings.ts";

/** Two models that share users, moved between by somebody else's tool. */
export interface JudgeQuestion {
  readonly candidate: ElbDimensions;
  readonly active: ElbDimensions;
  /** Since when both have users, epoch ms; `traffic`: since the candidate's requests have not paused for long. */
  readonly since: number | "traffic";
  /** Since when the present share is live, epoch ms; undefined: not said. */
  readonly stepSince: number | undefined;
  /** The candidate's share in percent; undefined: as the requests come. */
  readonly share: number | undefined;
  /** Whether users stay on the model of their first answer. */
  readonly sticky: boolean;
  /** Availability Zones of the active model's targets; empty: nobody tells. */
  readonly zones: readonly string[];
  /** Within so long a step should be decided; undefined: it has time. */
  readonly deadlineMinutes: number | undefined;
  readonly policy: RolloutPolicy;
  /** Where an answer counts as late whatever the active model does. */
  readonly slowSeconds: number;
}

/** Dimensions of the namespace AWS/ApplicationELB, in CloudWatch's words. */
export interface ElbDimensions {
  readonly LoadBalancer: string;
  readonly TargetGroup: string;
}

/** Settings of `rollout` that a judge needs who moves nobody. */
const POLICY_KEYS = [
  "steps",
  "bakeMinutes",
  "minRequests",
  "alpha",
  "tolerance",
  "advanceWhen",
  "maxBlindSpots",
  "provenRatios",
  "beta",
  "allowedSlowdown",
  "warmupMinutes",
  "compareClientErrors",
  "metricLagSeconds",
] as const satisfies readonly (keyof RolloutPolicy)[];

const said = (allowed: string) => (issue: v.BaseIssue<unknown>) =>
  `is ${issue.received}; allowed: ${allowed}`;
const numeric = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number))]),
  v.number(),
);
const flag = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(["true", "false"]),
    v.transform((text) => text === "true"),
  ),
]);
const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d/, said("an ISO 8601 time")),
  v.transform((text) => Date.parse(text)),
  v.finite(said("an ISO 8601 time")),
);
// CloudWatch, "Application Load Balancer metrics": app/load-balancer-name/… and targetgroup/target-group-name/…,
// the last parts of their ARNs.
const dimensions = v.strictObject({
  LoadBalancer: v.pipe(v.string(), v.regex(/^app\/[^/]+\/[0-9a-f]+$/, said("app/<name>/<id>"))),
  TargetGroup: v.pipe(
    v.string(),
    v.regex(/^targetgroup\/[^/]+\/[0-9a-f]+$/, said("targetgroup/<name>/<id>")),
  ),
});

/** Members of a question that a caller may leave to a file or to what he knows himself. */
const OPTIONS = {
  since: v.optional(v.union([v.literal("traffic"), time])),
  stepSince: v.optional(time),
  share: v.optional(v.pipe(numeric, v.minValue(0), v.maxValue(100))),
  sticky: v.optional(flag),
  zones: v.optional(v.array(v.string())),
  deadlineMinutes: v.optional(v.pipe(numeric, v.minValue(1))),
  policy: v.optional(v.record(v.string(), v.unknown())),
};
const optionsSchema = v.strictObject(OPTIONS);
const questionSchema = v.strictObject({ candidate: dimensions, active: dimensions, ...OPTIONS });

/** @throws UserError BG205, with every fault. */
export function readQuestion(raw: unknown): JudgeQuestion {
  const read = v.safeParse(questionSchema, raw);
  if (!read.success) throw refused(read.issues);
  const { candidate, active } = read.output;
  if (candidate.TargetGroup === active.TargetGroup) {
    throw new UserError("BG205", `candidate and active are one target group, ${active.TargetGroup}.`);
  }
  return { candidate, active, ...settled(read.output) };
}

/** The same for a caller who knows the two groups himself. @throws UserError BG205. */
export function readQuestionOptions(raw: unknown): Omit<JudgeQuestion, "candidate" | "active"> {
  const read = v.safeParse(optionsSchema, raw);
  if (!read.success) throw refused(read.issues);
  return settled(read.output);
}

function settled(given: v.InferOutput<typeof optionsSchema>): Omit<JudgeQuestion, "candidate" | "active"> {
  const {
    since = "traffic",
    stepSince,
    share,
    sticky = false,
    zones = [],
    deadlineMinutes,
    policy = {},
  } = given;
  const { slowSeconds, ...own } = policy;
  return {
    since,
    stepSince,
    share,
    sticky,
    zones,
    deadlineMinutes,
    policy: policyOf(own),
    slowSeconds: valueOf("slowSeconds", thresholdFields.slowSeconds, slowSeconds),
  };
}

function policyOf(given: Readonly<Record<string, unknown>>): RolloutPolicy {
  const unknown = Object.keys(given).filter((name) => !POLICY_KEYS.some((key) => key === name));
  if (unknown.length > 0) {
    const known = [...POLICY_KEYS, "slowSeconds"].join(", ");
    throw new UserError("BG205", `policy.${unknown.join(", policy.")}: unknown; there is ${known}.`);
  }
  const fields: Readonly<Record<string, Field<unknown>>> = rolloutFields;
  const own = Object.entries(given).flatMap(([name, value]) => {
    const field = fields[name];
    return field === undefined ? [] : [[name, valueOf(name, field, value)] as const];
  });
  const { rollout } = DEFAULT_SETTINGS;
  const policy: RolloutPolicy = {
    ...rollout,
    // Any step may be the last one of the tool that asks.
    maxBlindSpots: rollout.maxBlindSpots.slice(-1),
    ...Object.fromEntries(own),
    // Nobody is given up at a deadline here: the tool waits, and ends as it is set up to.
    atDeadline: "hold",
  };
  if (percents(policy.steps).length === 0) throw new UserError("BG205", "policy.steps names no share.");
  return policy;
}

function valueOf<T>(name: string, field: Field<T>, raw: unknown): T {
  if (raw === undefined) return field.default;
  const read = field.read(raw);
  if (read !== undefined) return read.value;
  throw new UserError("BG205", `policy.${name} is ${JSON.stringify(raw)}; allowed: ${field.allowed}.`);
}

function refused(issues: readonly v.BaseIssue<unknown>[]): UserError {
  const found = issues.map((issue) => `${v.getDotPath(issue) ?? "the question"} ${issue.message}`);
  return new UserError("BG205", `${found.join("; ")}.`);
}
