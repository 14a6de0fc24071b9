import { randomBytes } from "node:crypto";
import { UNKNOWN, type Properties } from "../../pulumi-engine/values/provider.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Refuse } from "./shape.ts";

const SUFFIX_LENGTH = 7;

/** Seven random hexadecimal digits, as Pulumi's own automatic names end. */
export function randomSuffix(): string {
  return randomBytes(4).toString("hex").slice(0, SUFFIX_LENGTH);
}

/** The logical name in a URN (`urn:pulumi:stack::project::types::name`). */
function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * The inputs with a name where the program gives none: the logical name and a random suffix, kept from `olds` so that
 * the resource keeps its name for life, also when the program calls it otherwise (pulumi-terraform-bridge,
 * pkg/tfbridge/schema.go: a default of the last update is used again).
 */
export function withName(
  named: ResourceType["named"],
  r: { readonly urn: string; readonly olds?: Properties; readonly news: Properties },
  suffix: () => string,
  refuse: Refuse,
): Properties {
  if (named === undefined) return r.news;
  const { property, maxLength } = named;
  const given = r.news[property];
  if (given !== undefined && given !== null) return r.news;
  const base = logicalName(r.urn);
  const old = r.olds?.[property];
  const name = typeof old === "string" && isGenerated(old) ? old : `${base}-${suffix()}`;
  if (name.length > maxLength && name !== UNKNOWN)
    refuse({ property, reason: `the generated name '${name}' has more than ${maxLength} characters` });
  return { ...r.news, [property]: name };
}

/** Whatever the resource was called in the program then: an alias changes no name on AWS. */
const isGenerated = (name: string): boolean => /-[0-9a-f]{7}$/.test(name);

/**
 * Whether the name is the provider's own. The replacement of such a resource gets another one, so that both can stand
 * side by side, and the new one is made first (pulumi-terraform-bridge: deleted first is only what has a fixed name).
 */
export function hasMadeUpName(named: ResourceType["named"], inputs: Properties): boolean {
  const name = named && inputs[named.property];
  return typeof name === "string" && isGenerated(name);
}
