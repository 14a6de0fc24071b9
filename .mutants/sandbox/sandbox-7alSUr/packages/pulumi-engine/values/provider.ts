/**
 * The seam between the engine and whatever carries out resource operations. The engine knows no resource type;
 * a provider knows no state, no ordering and no program.
 *
 * Values are plain JSON. An unknown value (preview only) is the string `UNKNOWN`. Secrets are unwrapped; the
 * engine remembers which were secret.
 */

/** Pulumi's own sentinel for a value that is not known yet (@pulumi/pulumi/runtime/rpc.js `unknownValue`). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Record<string, unknown>;

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffResult {
  /** Property paths (`a.b[0].c`) that changed; empty: nothing to do. */
  changes: string[];
  /** Those of `changes` that an update in place cannot make. */
  replaces: string[];
  /** The old resource has to go before the new one can exist (a fixed name, say). */
  deleteBeforeReplace: boolean;
}

export interface Provider {
  /**
   * The provider that the stack's configuration asks for, by qualified keys with values as text (`aws:defaultTags`);
   * absent: the same whatever it says. Throws UserError.
   */
  configure?(config: Readonly<Record<string, string>>): Provider;
  /** Validates the inputs and fills in names (autonaming) and defaults. `olds`: the inputs of the last update. */
  check(r: {
    type: string;
    urn: string;
    olds?: Properties;
    news: Properties;
  }): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  /** Compares the last inputs (`olds`) and `outputs` with the checked new inputs. */
  diff(r: {
    type: string;
    urn: string;
    id: string;
    olds: Properties;
    news: Properties;
    outputs: Properties;
  }): Promise<DiffResult>;
  /** The outputs of a creation, as far as they are known before it; without it: the inputs. */
  planned?(r: { inputs: Properties }): Properties;
  /**
   * Throws PartialFailure when the resource exists but did not become what was asked for. `begun`: an update began this
   * creation and was interrupted, so that the resource may exist already; one that is just as asked for is the answer.
   */
  create(r: {
    type: string;
    urn: string;
    inputs: Properties;
    begun?: boolean;
  }): Promise<{ id: string; outputs: Properties }>;
  /** Throws PartialFailure when some of the change was made. */
  update(r: {
    type: string;
    urn: string;
    id: string;
    olds: Properties;
    news: Properties;
    outputs: Properties;
  }): Promise<{ outputs: Properties }>;
  /** Deleting what is already gone succeeds. */
  delete(r: { type: string; urn: string; id: string; outputs: Properties }): Promise<void>;
  /** The resource as it is now; undefined: gone. */
  read(r: {
    type: string;
    urn: string;
    id: string;
    inputs: Properties;
    outputs: Properties;
  }): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  /** A data source, such as `aws:index/getRegion:getRegion`. */
  invoke(r: { token: string; args: Properties }): Promise<Properties>;
}

/** A half-made resource: it exists, but an error came afterwards. The engine records it and reports the error. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Properties;

  constructor(message: string, id: string, outputs: Properties) {
    super(message);
    this.name = "PartialFailure";
    this.id = id;
    this.outputs = outputs;
  }
}

/** The connection broke before an answer came: what was asked for may have been done, or not. */
export class NoAnswer extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "NoAnswer";
  }
}

export interface Child {
  type: string;
  name: string;
  inputs: Properties;
  /** URN; the component itself when left out. */
  parent?: string;
  /** URNs. */
  dependsOn?: string[];
  protect?: boolean;
  ignoreChanges?: string[];
}

/**
 * Registers a child as the program's own resources are. In a preview of its creation `id` is UNKNOWN, and `outputs`
 * has its inputs only: whatever else is asked of it is unknown. Rejects when the deployment was stopped; let that
 * pass through.
 */
export type RegisterChild = (child: Child) => Promise<{ urn: string; id: string; outputs: Properties }>;

/** Remote components (awsx): expands one component into child resources, in the engine's process. */
export interface ComponentProvider {
  constructs(type: string): boolean;
  /** Outputs may contain UNKNOWN in a preview. */
  construct(
    r: { type: string; name: string; urn: string; inputs: Properties },
    register: RegisterChild,
  ): Promise<{ outputs: Properties }>;
}
