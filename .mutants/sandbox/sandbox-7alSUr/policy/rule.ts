/** A resource as an engine describes it to a policy. */
export interface Described {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Inputs, before a resource is made; its outputs as well once all of them are known. */
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

/** A resource with what it is made from. */
export interface Related extends Described {
  /** URNs of the resources that its inputs come from. */
  readonly dependencies: readonly string[];
}

export interface Settings {
  /** Stacks that may be thrown away: nothing of them has to be protected. */
  readonly throwawayStacks: readonly string[];
}

export interface Violation {
  readonly urn: string;
  readonly message: string;
}

/** One invariant. `each` looks at a resource before it is made, `all` at what only several of them show. */
export type PolicyRule = {
  /** Lower-case words with hyphens: how a person switches it off. */
  readonly name: string;
  readonly description: string;
} & (
  | { readonly each: (resource: Described, settings: Settings) => readonly string[] }
  | { readonly all: (resources: readonly Related[], settings: Settings) => readonly Violation[] }
);

/** urn:pulumi:<stack>::<project>::<types>::<name> */
export const stackOf = (urn: string): string => urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";
