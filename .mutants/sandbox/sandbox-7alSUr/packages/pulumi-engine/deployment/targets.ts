import { UserError } from "../errors.ts";
import type { Goal } from "./goal.ts";
import { isProviderType } from "../values/urn.ts";

/** What `--target` and `--target-dependents` say. */
export interface TargetOptions {
  /** URNs, in which `*` stands for part of a segment and `**` for anything. Empty: everything is a target. */
  urns: string[];
  dependents: boolean;
}

export interface Targets {
  /** False: everything is a target. */
  readonly limited: boolean;
  /** Components and providers have no existence of their own and always are. */
  has(urn: string, goal?: Goal): boolean;
  /** Whether somebody asked for it, by its name or as a dependent of one. */
  names(urn: string): boolean;
  /** Throws UserError for a target that is neither in the program nor in the state. */
  checkAllExist(urns: string[], stack: string): void;
}

export function createTargets({ urns, dependents }: TargetOptions): Targets {
  const patterns = urns.map((urn) => ({ urn, pattern: patternOf(urn) }));
  const added = new Set<string>();
  const isTarget = (urn: string) => added.has(urn) || patterns.some(({ pattern }) => pattern.test(urn));
  return {
    limited: urns.length > 0,
    has(urn, goal) {
      if (urns.length === 0 || isTarget(urn)) return true;
      if (goal === undefined) return false;
      const needs = [...goal.dependencies, ...(goal.parent === undefined ? [] : [goal.parent])];
      if (dependents && needs.some(isTarget)) {
        added.add(urn);
        return true;
      }
      return !goal.custom || isProviderType(goal.type);
    },
    names: isTarget,
    checkAllExist(known, stack) {
      const missing = patterns.find(({ pattern }) => !known.some((urn) => pattern.test(urn)));
      if (missing !== undefined) throw new UserError(`Target '${missing.urn}' not found in stack '${stack}'`);
    },
  };
}

function patternOf(urn: string): RegExp {
  const parts = urn.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^:$]*" : part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
