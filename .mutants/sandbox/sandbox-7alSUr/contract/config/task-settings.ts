import { createHash } from "node:crypto";
import { isRecord } from "./field.ts";
import { serviceOf, type AskedBy, type ModelService } from "./model-service.ts";
import type { Slot } from "../slot.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * What the configuration makes a slot of: its model, and everything that runs and judges it. A task definition cannot
 * be changed (ECS API), so another value of most of these is another revision, and all tasks of the slot are replaced.
 * Not among them: tags and the log group.
 */
export interface TaskSettings extends Omit<ModelService, "capacityProvider" | AskedBy> {
  readonly image: string;
  /** Whose instances run the tasks; empty on Fargate. */
  readonly capacityProvider: string;
  /** What the container is told of its release (contract/config/told.ts); both empty: nothing. */
  readonly release: string;
  readonly modelVersion: string;
  /** When `rotate` renewed its tasks last, as a label of the container; empty: never, and there is no label. */
  readonly rotated: string;
  /** Which set of variables and log settings its tasks have (contract/config/told.ts). */
  readonly told: number;
}

export type TaskPart = keyof TaskSettings;

/** Parts that AWS changes under the tasks that run; another value of any other is another revision. */
export const IN_PLACE_PARTS: readonly TaskPart[] = [
  "protocol",
  "healthPath",
  "healthMatcher",
  "healthIntervalSeconds",
  "healthTimeoutSeconds",
  "healthyThreshold",
  "unhealthyThreshold",
  "taskPolicyArns",
  "startupSeconds",
  "requestTimeoutSeconds",
  "drainSeconds",
  "algorithm",
  "slowStartSeconds",
  "requestsPerTask",
  "cpuTarget",
];

/** undefined: the slot is empty. */
export function taskSettings(
  config: Pick<StackConfig, "service" | "slots">,
  slot: Slot,
): TaskSettings | undefined {
  const { image, release = "", modelVersion = "", rotated = "", told: set } = config.slots[slot];
  if (image === undefined) return undefined;
  const {
    servingProtocol: _protocol,
    modelName: _name,
    predictPath: _path,
    versionHeader: _header,
    customProtocol: _custom,
    ...service
  } = serviceOf(config, slot);
  const capacityProvider = service.capacity === "ec2" ? (service.capacityProvider ?? "") : "";
  const told = { release, modelVersion: release === "" ? "" : modelVersion };
  return { image, ...told, rotated, told: set, ...service, capacityProvider };
}

/** Each part as a text that changes when it does. Maps are digests: what they hold is nobody else's business. */
export type Definition = Readonly<Partial<Record<TaskPart, string>>>;

export function definitionOf(settings: TaskSettings): Readonly<Record<TaskPart, string>> {
  const texts = Object.entries(settings).map(([part, value]) => [part, textOf(value)]);
  // One text for each part.
  return Object.fromEntries(texts) as Record<TaskPart, string>;
}

function textOf(value: TaskSettings[TaskPart]): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return String(value);
  return isList(value) ? JSON.stringify(value) : digest(value);
}

// `Array.isArray` does not know readonly lists.
const isList = (value: object): value is readonly string[] => Array.isArray(value);

/** A definition as an output gives it back, as much of it as there is. */
export function readDefinition(raw: unknown): Definition {
  const texts = Object.entries(isRecord(raw) ? raw : {}).filter(([, text]) => typeof text === "string");
  // Texts only, by the filter; a name that is no part is never looked up.
  return Object.fromEntries(texts) as Definition;
}

/** Entries in one order whatever the stack file's, or a moved line would be a new revision. */
export function byName<T>(map: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function digest(map: Readonly<Record<string, unknown>>): string {
  return createHash("sha256")
    .update(JSON.stringify(byName(map), (_key, value: unknown) => (isRecord(value) ? byName(value) : value)))
    .digest("hex")
    .slice(0, 12);
}
