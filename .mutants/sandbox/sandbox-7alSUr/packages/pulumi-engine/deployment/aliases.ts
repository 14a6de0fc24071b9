import { nameOf, urnOf } from "../values/urn.ts";

/** What a resource was called before: a whole URN, or only the parts that were different. */
export type Alias = { urn: string } | AliasParts;

export interface AliasParts {
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  /** URN; null: it had none. */
  parent?: string | null;
}

export interface Identity {
  stack: string;
  project: string;
  type: string;
  name: string;
  parent?: string | undefined;
}

/** Every URN that the resource may have had: by its own aliases, and under each former URN of its parent. */
export function formerUrns(now: Identity, aliases: Alias[], parentsFormerUrns: string[]): string[] {
  const partial = aliases.flatMap((alias) => ("urn" in alias ? [] : [renamed(now, alias)]));
  const identities = [now, ...partial];
  const inherited = parentsFormerUrns.flatMap((parent) =>
    identities
      .filter((identity) => identity.parent === now.parent)
      .map((identity) => urnOf({ ...identity, name: nameUnder(identity, parent), parent })),
  );
  const whole = aliases.flatMap((alias) => ("urn" in alias ? [alias.urn] : []));
  const urns = new Set([...whole, ...identities.map(urnOf), ...inherited]);
  urns.delete(urnOf(now));
  return [...urns];
}

/** A child that is called after its parent was so before (pkg/resource/deploy/step_generator.go, inheritedChildAlias). */
function nameUnder({ name, parent }: Identity, formerParent: string): string {
  const now = parent === undefined ? "" : nameOf(parent);
  return now !== "" && name.startsWith(now) ? nameOf(formerParent) + name.slice(now.length) : name;
}

function renamed(now: Identity, { parent, ...parts }: AliasParts): Identity {
  return { ...now, ...parts, ...(parent !== undefined && { parent: parent ?? undefined }) };
}
