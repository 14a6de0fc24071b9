import type { Field } from "../../../contract/config/field.ts";
import {
  rolloutFields,
  thresholdFields,
  type RolloutPolicy,
  type Thresholds,
} from "../../../contract/config/sections.ts";
import { UserError } from "../../errors.ts";

/** What a decision is made by: two sections of the configuration. */
export interface ReplaySettings {
  readonly rollout: RolloutPolicy;
  readonly thresholds: Thresholds;
}

const defaultsOf = (fields: Readonly<Record<string, Field<unknown>>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.default]));

/** What the configuration has where it says nothing. */
export const DEFAULT_SETTINGS: ReplaySettings = {
  // Each default was declared with the type of its field.
  rollout: defaultsOf(rolloutFields) as RolloutPolicy,
  thresholds: defaultsOf(thresholdFields) as Thresholds,
};

const only = (fields: Readonly<Record<string, Field<unknown>>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

/** What a past can be judged by anew. Settings that counts were made with (`slowSeconds`, say) are not among it. */
const SECTIONS = {
  rollout: only(rolloutFields, [
    "steps",
    "bakeMinutes",
    "minRequests",
    "deadlineMinutes",
    "atDeadline",
    "alpha",
    "tolerance",
    "advanceWhen",
    "maxBlindSpots",
    "provenRatios",
    "beta",
    "metricLagSeconds",
    "dryRun",
  ]),
  thresholds: only(thresholdFields, [
    "maxErrorRate",
    "maxSlowRate",
    "maxCpuUtilization",
    "maxMemoryUtilization",
  ]),
} as const;
type Section = keyof typeof SECTIONS;

/** These settings with `key=value` for each given one; the key with or without its section. */
export function withSet(settings: ReplaySettings, given: readonly string[]): ReplaySettings {
  return given.reduce((before, text) => {
    const at = text.indexOf("=");
    const [name, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    const { section, key, field } = fieldOf(name, text);
    const read = field.read(valueOf(value, field));
    if (read === undefined) {
      throw new UserError("BG201", `${section}.${key} is "${value}"; allowed: ${field.allowed}.`);
    }
    return { ...before, [section]: { ...before[section], [key]: read.value } };
  }, settings);
}

function fieldOf(name: string, text: string) {
  // Object.keys is typed as string[]; the table is constant, so its keys are exactly its sections.
  for (const section of Object.keys(SECTIONS) as Section[]) {
    const key = name.startsWith(`${section}.`) ? name.slice(section.length + 1) : name;
    const fields: Readonly<Record<string, Field<unknown>>> = SECTIONS[section];
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field !== undefined) return { section, key, field };
  }
  const known = Object.values(SECTIONS).flatMap((fields) => Object.keys(fields));
  throw new UserError(
    "BG201",
    `"${text}" sets nothing that a past can be judged by; there is ${known.join(", ")}.`,
  );
}

/** `10,50,100` for a list, JSON for what has members, and otherwise the text itself. */
function valueOf(value: string, field: Field<unknown>): unknown {
  const isJson = /^\s*[[{]/.test(value);
  if (isJson) return parsed(value);
  if (field.type !== "array") return value;
  return value === "" ? [] : value.split(",").map((member) => member.trim());
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // The field refuses the text and says what it allows.
    return value;
  }
}
