import type { ComponentProvider, Properties } from "../values/provider.ts";
import type { Goal } from "./goal.ts";

/** What the program is told of a resource that it registered or read. */
export interface Registered {
  urn: string;
  /** Undefined: a component, or not known yet (preview). */
  id?: string | undefined;
  outputs: Properties;
  /** Left out because it is no target: nothing of it is known, although this is no preview. */
  skipped: boolean;
}

export interface ReadRequest {
  type: string;
  name: string;
  id: string;
  parent?: string;
  inputs: Properties;
  dependencies: string[];
}

/**
 * Takes the program's registrations, in any order that its dependencies allow, and makes the stack so. Every
 * method rejects with Stopped once something failed, after telling the listeners what and why.
 */
export interface Deployment {
  register(goal: Goal): Promise<Registered>;
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  /** `lookUp` answers with the resource's outputs; undefined: there is none. */
  read(request: ReadRequest, lookUp: () => Promise<Properties | undefined>): Promise<Registered>;
  /** A remote component: its children are registered by `components` instead of the program. */
  construct(goal: Goal, components: ComponentProvider): Promise<Registered>;
  /** Call it when the program has ended well: deletes what it no longer has. False: something failed. */
  finish(): Promise<boolean>;
}
