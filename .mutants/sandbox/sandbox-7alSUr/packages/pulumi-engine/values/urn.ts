export const STACK_TYPE = "pulumi:pulumi:Stack";
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";

/** Types of explicit providers are `pulumi:providers:<package>`. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>`; the stack itself is no part of the type. */
export function urnOf(r: {
  stack: string;
  project: string;
  type: string;
  name: string;
  parent?: string | undefined;
}): string {
  const parentType = r.parent === undefined ? "" : qualifiedType(r.parent);
  const type = parentType === "" || parentType === STACK_TYPE ? r.type : `${parentType}$${r.type}`;
  return `urn:pulumi:${r.stack}::${r.project}::${type}::${r.name}`;
}

/** The resource's own type, without its parents'. */
export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** As Pulumi shows it: `aws:lb:ListenerRule` for `aws:lb/listenerRule:ListenerRule` (tokens.go, DisplayName). */
export function shortType(type: string): string {
  const [, before, file, name = ""] = /^([^:]+:[^:]+)\/([^:/]+):([^:]+)$/.exec(type) ?? [];
  const isFileOf = file !== undefined && file === name.charAt(0).toLowerCase() + name.slice(1);
  return isFileOf ? `${before}:${name}` : type;
}

/** The URN of the stack itself. */
export function rootUrn(r: { stack: string; project: string }): string {
  return urnOf({ ...r, type: STACK_TYPE, name: `${r.project}-${r.stack}` });
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}
