import type { Properties } from "../values/provider.ts";

/** Names of the hooks that run around the operations of one resource, in their order. */
export interface HookBinding {
  readonly beforeCreate: readonly string[];
  readonly afterCreate: readonly string[];
  readonly beforeUpdate: readonly string[];
  readonly afterUpdate: readonly string[];
}

export const NO_HOOKS: HookBinding = { beforeCreate: [], afterCreate: [], beforeUpdate: [], afterUpdate: [] };

/** As Pulumi calls them in its messages (sdk/go/common/resource/resource_hooks.go). */
export type HookMoment = "BeforeCreate" | "AfterCreate" | "BeforeUpdate" | "AfterUpdate";

/** What a hook is told. Secrets are wrapped (values.ts). */
export interface HookCall {
  readonly urn: string;
  /** Empty before a creation. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly newInputs: Properties;
  readonly oldInputs?: Properties;
  readonly newOutputs?: Properties;
  readonly oldOutputs?: Properties;
}

/** Runs the hooks of a program. Throws UserError when one of them throws, or is not there. */
export interface Hooks {
  run(moment: HookMoment, names: readonly string[], call: HookCall): Promise<void>;
}

/** Of an operation without a program, such as a destroy. */
export const NO_PROGRAM: Hooks = {
  run: (moment, names) =>
    names.length === 0
      ? Promise.resolve()
      : Promise.reject(new Error(`no program runs ${moment}: ${names.join()}`)),
};
