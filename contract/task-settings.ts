import { createHash } from "node:crypto";
import type { Capacity } from "./capacity.ts";
import { isRecord } from "./field.ts";
import type { Slot } from "./slot.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * What the configuration puts into a slot's task definition, and what its tasks run on. A task definition cannot be
 * changed (ECS API): another value of any of these is another revision, and all tasks of the slot are replaced.
 * Not among them: tags, the log group and the task role's policies, which AWS changes under running tasks.
 */
export interface TaskSettings {
  readonly image: string;
  readonly capacity: Capacity;
  /** Whose instances run the tasks; empty on Fargate. */
  readonly capacityProvider: string;
  readonly gpus: number;
  readonly cpu: number;
  readonly memory: number;
  readonly architecture: string;
  readonly port: number;
  /** What the container is told of its release (contract/told.ts); both empty: nothing. */
  readonly release: string;
  readonly modelVersion: string;
  /** Without `PORT`, which is the port. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export type TaskPart = keyof TaskSettings;

/** undefined: the slot is empty. */
export function taskSettings(
  { service, slots }: Pick<StackConfig, "service" | "slots">,
  slot: Slot,
): TaskSettings | undefined {
  const { image, overrides, release = "", modelVersion = "" } = slots[slot];
  if (image === undefined) return undefined;
  const capacity = overrides.capacity ?? service.capacity;
  return {
    image,
    capacity,
    capacityProvider: capacity === "ec2" ? (service.capacityProvider ?? "") : "",
    gpus: overrides.gpus ?? service.gpus,
    cpu: overrides.cpu ?? service.cpu,
    memory: overrides.memory ?? service.memory,
    architecture: service.architecture,
    port: service.port,
    release,
    modelVersion: release === "" ? "" : modelVersion,
    environment: { ...service.environment, ...overrides.environment },
    secrets: service.secrets,
  };
}

/** Each part as a text that changes when it does. Maps are digests: what they hold is nobody else's business. */
export type Definition = Readonly<Partial<Record<TaskPart, string>>>;

export function definitionOf(settings: TaskSettings): Readonly<Record<TaskPart, string>> {
  const { image, capacity, capacityProvider, architecture, release, modelVersion } = settings;
  return {
    image,
    capacity,
    capacityProvider,
    gpus: String(settings.gpus),
    cpu: String(settings.cpu),
    memory: String(settings.memory),
    architecture,
    port: String(settings.port),
    release,
    modelVersion,
    environment: digest(settings.environment),
    secrets: digest(settings.secrets),
  };
}

/** A definition as an output gives it back, as much of it as there is. */
export function readDefinition(raw: unknown): Definition {
  const texts = Object.entries(isRecord(raw) ? raw : {}).filter(([, text]) => typeof text === "string");
  // Texts only, by the filter; a name that is no part is never looked up.
  return Object.fromEntries(texts) as Definition;
}

/** Entries in one order whatever the stack file's, or a moved line would be a new revision. */
export function byName(map: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function digest(map: Readonly<Record<string, string>>): string {
  return createHash("sha256")
    .update(JSON.stringify(byName(map)))
    .digest("hex")
    .slice(0, 12);
}
