import { createHash } from "node:crypto";
import type { AlarmKey } from "./alarm-catalog.ts";
import { PROJECT } from "./config.ts";
import type { Slot } from "./slot.ts";

// IAM, Lambda and EventBridge: a name has at most 64 characters; the longest word behind the slug is `-watchdog`.
const MOST_IN_SLUG = 55;

/**
 * Short name of a stack's resources: lower-case letters, digits and single hyphens. Pulumi takes more for the name of
 * a stack than AWS does for theirs, so one that had to be changed or cut has a hash: `Prod` and `prod` are two stacks.
 */
export function stackSlug(stack: string): string {
  const name = `${PROJECT}-${stack}`;
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
  if (words === name && words.length <= MOST_IN_SLUG) return words;
  const hash = shortHash([PROJECT, stack]);
  return `${words.slice(0, MOST_IN_SLUG - hash.length - 1).replace(/-$/, "")}-${hash}`;
}

function shortHash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);
}

/**
 * Name of a target group, at most 32 characters (ELB API), unique in account and region.
 * It carries a hash of what forces a replacement (`forcing`), so that the new group and the old one may
 * stand side by side while Pulumi creates before it deletes.
 */
export function targetGroupName(
  stack: string,
  slot: Slot,
  use: "production" | "test",
  forcing: readonly string[],
): string {
  const readable = stack
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 12);
  const hash = shortHash([PROJECT, stack, slot, use, ...forcing]);
  return `${readable || "stack"}-${slot}-${use === "test" ? "test" : "live"}-${hash}`.replaceAll("--", "-");
}

/** Name of the load balancer, at most 32 characters (ELB API). */
export function loadBalancerName(stack: string): string {
  return `bluegreen-${shortHash([PROJECT, stack])}`;
}

export function alarmName(stack: string, slot: Slot, key: AlarmKey): string {
  return `${stackSlug(stack)}-${slot}-${key}`;
}

/** Name of the composite alarm that pages for a slot. */
export function slotAlarmName(stack: string, slot: Slot): string {
  return `${stackSlug(stack)}-${slot}`;
}

export function serviceName(stack: string, slot: Slot): string {
  return `${stackSlug(stack)}-${slot}`;
}

/** Log group of a slot's tasks. */
export function logGroupName(stack: string, slot: Slot): string {
  return `/ecs/${serviceName(stack, slot)}`;
}

/** Name of the CloudWatch dashboard: letters, digits, `-` and `_` (CloudWatch API). */
export function dashboardName(stack: string): string {
  return stackSlug(stack);
}

/** Name of the watchdog's function and of its schedule. */
export function watchdogName(stack: string): string {
  return `${stackSlug(stack)}-watchdog`;
}

// Lambda writes to the group of this name unless told otherwise.
export function watchdogLogGroupName(stack: string): string {
  return `/aws/lambda/${watchdogName(stack)}`;
}
