import { MODEL_KEYS, type ModelKey, type ModelTemplate, type ServiceCopy } from "./model-fields.ts";
import type { Slot } from "../slot.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * What a model needs to run belongs to the model: `service` is the template for the next deploy, which copies these
 * keys of it into the slot. Everything that runs or judges a slot asks `serviceOf` for them, and never `service`.
 */

/** Keys that only say how the model is asked: nothing that runs changes with them. */
export type AskedBy = "servingProtocol" | "modelName" | "predictPath" | "versionHeader" | "customProtocol";

/**
 * How a model whose server nobody has described is known to live, until it is recognised: by any answer to `/`. ELB's
 * matcher takes codes from 200 to 499.
 */
export const ANY_ANSWER = { healthPath: "/", healthMatcher: "200-499" } as const;

/** What a slot's model runs with. */
export type ModelService = Omit<ModelTemplate, "drainSeconds"> & { readonly drainSeconds: number };

/** Whether something else than ECS fills the slot. */
export const isExternal = (config: Pick<StackConfig, "service" | "slots">, slot: Slot): boolean =>
  serviceOf(config, slot).kind === "external";

/** The slot's service: what its model's deploy has copied into it, its own overrides first; else the template. */
export function serviceOf(
  { service, slots }: Pick<StackConfig, "service" | "slots">,
  slot: Slot,
): ModelService {
  const { service: copy, overrides } = slots[slot];
  // An agent comes with a deploy alone, never from the template to a model that runs.
  const copied = { ...template(service), ...given(copy), agent: copy.agent };
  const { environment: own, ...sizes } = overrides;
  return drained({ ...copied, ...given(sizes), environment: { ...copied.environment, ...own } });
}

/** What a deploy copies into its slot: the template with every default and what is derived, so that nothing of it moves. */
export function copyOf(service: ModelTemplate): ModelService {
  return drained(template(service));
}

/** The configuration key that says a key of the slot's service. */
export function saidBy({ slots }: Pick<StackConfig, "slots">, slot: Slot, key: ModelKey): string {
  const { service: copy, overrides } = slots[slot];
  const own: Readonly<Record<string, unknown>> = overrides;
  if (key !== "environment" && own[key] !== undefined) return `${slot}.overrides.${key}`;
  return copy[key] === undefined ? `service.${key}` : `${slot}.service.${key}`;
}

/** Copied as none when they are none. */
const OPTIONAL_KEYS: readonly ModelKey[] = [
  "capacityProvider",
  "modelName",
  "predictPath",
  "versionHeader",
  "customProtocol",
  "agent",
];

/** Whether nothing of the slot's service is the template's any more. */
export function isFrozen({ service: copy }: { readonly service: ServiceCopy }): boolean {
  return MODEL_KEYS.every((key) => copy[key] !== undefined || OPTIONAL_KEYS.includes(key));
}

/** ELB: a deregistration delay is at most an hour. In seconds. */
export const LONGEST_DRAIN = 3600;
const USUAL_DRAIN = 60;

/** Deregistration delay where nobody has said one, in seconds: as long as a request may be silent. */
export const derivedDrain = (requestTimeoutSeconds: number): number =>
  Math.min(LONGEST_DRAIN, Math.max(USUAL_DRAIN, requestTimeoutSeconds));

function drained(service: ModelTemplate): ModelService {
  const { drainSeconds, requestTimeoutSeconds } = service;
  return { ...service, drainSeconds: drainSeconds ?? derivedDrain(requestTimeoutSeconds) };
}

/** The model's keys alone. */
function template(service: ModelTemplate): ModelTemplate {
  const values: Readonly<Record<string, unknown>> = service;
  // Every key of the type is taken over.
  return Object.fromEntries(MODEL_KEYS.map((key) => [key, values[key]])) as ModelTemplate;
}

/** Members that are not undefined. */
export function given<T extends object>(values: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // What is undefined has been left out, and nothing else.
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}
