import * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";

/** Members that the operations refuse by name, so that their types do not matter. */
const REFUSED = new Set([
  "AlpnPolicy",
  "AuthenticateCognitoConfig",
  "AuthenticateOidcConfig",
  "Certificates",
  "Include",
  "JwtValidationConfig",
  "MutualAuthentication",
  "RegexValues",
  "ResetTransforms",
  "SubnetMappings",
  "Transforms",
]);

interface Member {
  readonly path: string;
  readonly name: string;
  readonly kind: "integer" | "boolean" | "list" | "other";
}

/** The members of an operation's input, at any depth, from the schemas that the SDK exports beside its client. */
export function membersOf(operation: string): Member[] {
  const schemas: Readonly<Record<string, unknown>> = { ...sdk };
  return structureMembers(schemas[`${operation}Input$`], "", new Set());
}

/** Schema arrays of @smithy/core: [3, namespace, name, traits, members, types]; lists are [1, ns, name, traits, of]. */
function structureMembers(schema: unknown, parent: string, seen: Set<unknown>): Member[] {
  if (!Array.isArray(schema) || schema[0] !== 3 || seen.has(schema)) return [];
  seen.add(schema);
  // Position 4 of a structure's schema has its members' names.
  return (schema[4] as string[]).flatMap((name, i) => {
    if (REFUSED.has(name)) return [];
    const raw: unknown = schema[5][i];
    const type: unknown = typeof raw === "function" ? raw() : raw;
    const inner: unknown = Array.isArray(type) && type[0] === 1 ? resolve(type[4]) : type;
    return [{ path: `${parent}.${name}`, name, kind: kindOf(type) }, ...structureMembers(inner, name, seen)];
  });
}

function resolve(type: unknown): unknown {
  return typeof type === "function" ? type() : type;
}

function kindOf(type: unknown): Member["kind"] {
  if (Array.isArray(type)) return type[0] === 1 ? "list" : "other";
  if (type === 1) return "integer";
  if (type === 2) return "boolean";
  return typeof type === "number" && (type & 64) !== 0 ? "list" : "other";
}
