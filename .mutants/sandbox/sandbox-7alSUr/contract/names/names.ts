import { createHash } from "node:crypto";
import type { AlarmKey } from "../alarms/alarm-catalog.ts";
import { isRecord } from "../config/field.ts";
import { perSlot, type PerSlot, type Slot } from "../slot.ts";

/** What Pulumi calls a stack. */
export interface Identity {
  readonly project: string;
  readonly stack: string;
  /** Which of the models of the stack; undefined: the one that is called as the project. */
  readonly model?: string | undefined;
}

/**
 * What a stack's names on AWS were made of when it was new. Remembered in its outputs, so that `pulumi stack rename`
 * changes none of them.
 */
export interface Origin extends Identity {
  /** Six random letters or digits, so that no other stack ever has these names; undefined: made by version 0.1. */
  readonly id?: string | undefined;
  /** `iam.rolePath` of the first update, when it was not `/`. */
  readonly rolePath?: string | undefined;
}

/** Every name of a stack on AWS that could be another's: plain texts, made once. */
export interface Names {
  readonly origin: Origin;
  /** Of the cluster, and what most others begin with. */
  readonly cluster: string;
  readonly dashboard: string;
  readonly loadBalancer: string;
  /** Of the watchdog's function and of its schedule. */
  readonly watchdog: string;
  // Lambda writes to the group of this name unless told otherwise.
  readonly watchdogLogGroup: string;
  /**
   * Path of the roles that the stack makes: their names end in random letters, so the path is what tells whose they
   * are. (IAM: a path begins and ends with /.)
   */
  readonly rolePath: string;
  /** Of services and of families of task definitions. */
  readonly services: PerSlot<string>;
  readonly logGroups: PerSlot<string>;
  /** Of the composite alarms that page for a slot. */
  readonly slotAlarms: PerSlot<string>;
  alarm(slot: Slot, key: AlarmKey): string;
  /**
   * At most 32 characters (ELB API). It carries a hash of what forces a replacement (`forcing`), so that the new group
   * and the old one may stand side by side while Pulumi creates before it deletes.
   */
  targetGroup(slot: Slot, use: TargetGroupUse, forcing: readonly string[]): string;
}

export type TargetGroupUse = "production" | "test" | "cohort";

export function namesOf(origin: Origin): Names {
  const cluster = slugOf(origin);
  const services = perSlot((slot) => `${cluster}-${slot}`);
  const watchdog = `${cluster}-watchdog`;
  return {
    origin,
    cluster,
    dashboard: cluster,
    loadBalancer: loadBalancerName(origin),
    watchdog,
    watchdogLogGroup: `/aws/lambda/${watchdog}`,
    rolePath: `${origin.rolePath ?? "/"}${cluster}/`,
    services,
    logGroups: perSlot((slot) => logGroupOf(services[slot])),
    slotAlarms: services,
    alarm: (slot, key) => `${cluster}-${slot}-${key}`,
    targetGroup: (slot, use, forcing) => targetGroupName(origin, slot, use, forcing),
  };
}

/** Of GitHub's roles for a stack, as version 0.1 made them; since then bootstrap/ has names of its own. */
export const roleName = (stack: Identity, role: string): string => `${slugOf(stack)}-${role}`;

/** Log group of the tasks of a service. */
export const logGroupOf = (service: string): string => `/ecs/${service}`;

/**
 * The names that policies have to match which are written before the stack is made: those of 0.1, and those with any
 * id, as IAM's `?` says it. No name of another stack matches: only an id stands behind a second `_`.
 */
export const namePatterns = ({ project, stack, rolePath }: Omit<Origin, "id">): readonly [Names, Names] => [
  namesOf({ project, stack, rolePath }),
  namesOf({ project, stack, rolePath, id: "??????" }),
];

export const isId = (text: unknown): text is string => typeof text === "string" && /^[a-z0-9]{6}$/.test(text);

/** Reads what the outputs or a stash remember; undefined: nothing. */
export function readOrigin(raw: unknown): Origin | undefined {
  if (!isRecord(raw)) return undefined;
  const { project, stack, model, id, rolePath } = raw;
  if (typeof project !== "string" || typeof stack !== "string") return undefined;
  const path = typeof rolePath === "string" ? { rolePath } : {};
  const whose = { project, stack, ...(typeof model === "string" ? { model } : {}), ...path };
  if (id === undefined || id === null) return whose;
  return isId(id) ? { ...whose, id } : undefined;
}

/** `fraud-model/prod`, or `shop/prod/fraud` of one model of several: how a stack is called where several projects may have one of that name. */
export const fullName = ({ project, stack, model = project }: Identity): string =>
  model === project ? `${project}/${stack}` : `${project}/${stack}/${model}`;

// IAM, Lambda and EventBridge: a name has at most 64 characters; the longest word behind the slug is `-watchdog`.
const MOST_IN_SLUG = 55;
// The same, less two `_` and six characters of an id, for two.
const MOST_IN_PART = 23;

/**
 * What most names begin with: `ml-blue-green-prod` as 0.1 made it, `fraud-model_prod_k3f9ab` since. ECS, CloudWatch,
 * Lambda, EventBridge and IAM take an underscore; no word has one, so each part is told from the next.
 */
function slugOf({ project, stack, id }: Origin): string {
  if (id === undefined) return words(`${project}-${stack}`, MOST_IN_SLUG, [project, stack]);
  return `${words(project, MOST_IN_PART, [project])}_${words(stack, MOST_IN_PART, [stack])}_${id}`;
}

/**
 * Lower-case letters, digits and single hyphens. Pulumi takes more for a name than AWS does, so one that had to be
 * changed or cut has a hash: `Prod` and `prod` are two stacks.
 */
function words(name: string, most: number, hashed: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (plain !== "" && plain === name && plain.length <= most) return plain;
  const hash = shortHash(hashed);
  return `${plain.slice(0, most - hash.length - 1).replace(/-$/, "")}-${hash}`.replace(/^-/, "");
}

function shortHash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);
}

/** ELB API: at most 32 letters, digits and hyphens. `-unused` stands behind it, too. */
function loadBalancerName({ project, stack, id }: Origin): string {
  const name = `bluegreen-${shortHash([project, stack])}`;
  return id === undefined ? name : `${name}-${id}`;
}

/** Of four letters: names of 32 characters have no room for more. */
const WORDS_OF_USE = { production: "live", test: "test", cohort: "some" } as const;

function targetGroupName(
  { project, stack, id }: Origin,
  slot: Slot,
  use: TargetGroupUse,
  forcing: readonly string[],
): string {
  const readable = stack
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const what = `${slot}-${WORDS_OF_USE[use]}`;
  if (id === undefined) {
    const hash = shortHash([project, stack, slot, use, ...forcing]);
    return `${readable.slice(0, 12) || "stack"}-${what}-${hash}`.replaceAll("--", "-");
  }
  const own = shortHash([project, stack]).slice(0, 6);
  const hash = shortHash([id, slot, use, ...forcing]);
  return `${readable.slice(0, 5) || "stack"}-${what}-${own}-${hash}`.replaceAll("--", "-");
}
