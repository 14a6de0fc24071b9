import { isRecord } from "./field.ts";
import { SLOTS } from "./slot.ts";
import { sameSplit, showSplit } from "./split.ts";
import type { StackConfig } from "./stack-config.ts";
import { definitionChanges } from "./transition/definition-changes.ts";
import { previousOf } from "./transition/previous.ts";

const SECTIONS = ["service", "network", "thresholds", "rollout", "suite"] as const;

/** What a change of the configuration means, a sentence each, what users would notice first. */
export function changeWords(before: StackConfig, after: StackConfig): readonly string[] {
  return [
    routingWords(before, after),
    ...taskWords(before, after),
    ...SECTIONS.flatMap((section) => leafWords(section, before[section], after[section])),
    ...(isSame(before.testTokens, after.testTokens) ? [] : ["changes testToken"]),
  ];
}

function routingWords(before: StackConfig, after: StackConfig): string {
  if (sameSplit(before.split, after.split) && before.activeSlot === after.activeSlot) {
    return `lends nothing and moves nobody: ${showSplit(after.split)}`;
  }
  const role =
    before.activeSlot === after.activeSlot ? "" : `, and makes ${after.activeSlot} the active slot`;
  return `moves users from ${showSplit(before.split)} to ${showSplit(after.split)}${role}`;
}

function taskWords(before: StackConfig, after: StackConfig): readonly string[] {
  const previous = previousOf(before);
  return SLOTS.flatMap((slot) => {
    const parts = definitionChanges(previous, after, slot).map(({ part }) => part);
    if (parts.length === 0) return [];
    const share = before.split[slot];
    const users = share === 0 ? "which has no users" : `which has ${share} % of the users`;
    return [`replaces the tasks of ${slot}, ${users}: other ${parts.join(", ")}`];
  });
}

function leafWords(path: string, before: unknown, after: unknown): readonly string[] {
  if (isSame(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => leafWords(`${path}.${name}`, before[name], after[name]));
  }
  // What stands in the environment or a secret's name is nobody's to read in a comment.
  if (/\.(environment|secrets)\./.test(path)) {
    return [`${before === undefined ? "adds" : after === undefined ? "removes" : "changes"} ${path}`];
  }
  if (before === undefined) return [`sets ${path} to ${show(after)}`];
  if (after === undefined) return [`removes ${path}, which was ${show(before)}`];
  const verb =
    typeof before === "number" && typeof after === "number"
      ? after > before
        ? "raises"
        : "lowers"
      : "changes";
  return [`${verb} ${path} from ${show(before)} to ${show(after)}`];
}

const isSame = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after);
const show = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
