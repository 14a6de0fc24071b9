import type { Properties } from "../../pulumi-engine/values/provider.ts";
import { asProperties, type Shape } from "./shape.ts";

/** A resource that exists. */
export interface Existing {
  readonly id: string;
  readonly arn: string;
  /** Its properties as last known, outputs and inputs. */
  readonly state: Properties;
}

export interface Change extends Existing {
  readonly olds: Properties;
  readonly news: Properties;
  /** Top-level properties that differ. */
  readonly changed: ReadonlySet<string>;
}

/** One way of changing a resource: one call, or a few that belong together. */
export interface ChangeStep {
  readonly properties: readonly string[] | "any";
  /** Also after creation, for what the creating call cannot take. `olds` are then the defaults. */
  readonly onCreate?: boolean;
  apply(change: Change): Promise<void>;
}

/** All that the provider knows of a Pulumi resource type. Methods throw AwsError as the services do. */
export interface ResourceType {
  readonly inputs: Shape;
  /** Properties that cannot be changed in place (as in the real AWS provider). */
  readonly replacedBy: readonly string[];
  /** Properties by which AWS tells resources apart: two with the same cannot exist side by side. */
  readonly identity: readonly string[];
  /** The property that gets a generated name when the program gives none. */
  readonly named?: { readonly property: string; readonly maxLength: number };
  create(inputs: Properties): Promise<{ id: string; arn: string }>;
  /** The one with this identity; only for types that AWS refuses to create twice with the same input. */
  find?(inputs: Properties): Promise<{ id: string; arn: string } | undefined>;
  readonly steps: readonly ChangeStep[];
  /** Waits for what was asked for, after creation and after each update. */
  settle?(target: Existing): Promise<void>;
  /** The resource as it is now: inputs in canonical form, and what AWS computes. */
  describe(target: Existing): Promise<Properties | undefined>;
  /** Deleting what is gone succeeds. */
  delete(target: Existing): Promise<void>;
}

/** Adds, changes and removes tags by the two calls that each service has for that. */
export function tagStep(
  add: (target: Existing, tags: Properties) => Promise<unknown>,
  remove: (target: Existing, keys: string[]) => Promise<unknown>,
): ChangeStep {
  return {
    properties: ["tags"],
    async apply(change) {
      const olds = asProperties(change.olds["tags"]);
      const news = asProperties(change.news["tags"]);
      const added = Object.entries(news).filter(([key, value]) => olds[key] !== value);
      const removed = Object.keys(olds).filter((key) => news[key] === undefined);
      if (added.length > 0) await add(change, Object.fromEntries(added));
      if (removed.length > 0) await remove(change, removed);
    },
  };
}
