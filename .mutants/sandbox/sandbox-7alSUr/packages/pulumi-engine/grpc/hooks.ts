import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type { RegisterResourceHookRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

import { notSupported, UserError } from "../errors.ts";
import type { HookCall, Hooks } from "../deployment/hook-binding.ts";
import type { Properties } from "../values/provider.ts";
import type { Callbacks } from "./callbacks.ts";

/** The hooks that a program has registered, and the way back to it. */
export interface ProgramHooks extends Hooks {
  register(request: RegisterResourceHookRequest): void;
}

interface Hook {
  readonly callback: Callback;
  readonly ignoreErrors: boolean;
}

/**
 * Runs a program's hooks in its own process (pulumi.ResourceHook), by the callback that it registered each with.
 * `warn` tells of an error that a hook's `ignoreErrors` lets pass.
 */
export function createHooks(
  { invoke }: Callbacks,
  warn: (urn: string, message: string) => void,
): ProgramHooks {
  const hooks = new Map<string, Hook>();
  return {
    register(request) {
      const callback = request.getCallback();
      const name = request.getName();
      if (callback === undefined) throw new UserError(`the hook ${name} has no callback`);
      if (request.getOnDryRun()) throw notSupported("resource hooks that run in previews (onDryRun)");
      // As Pulumi (pkg/resource/deploy/resource_hooks.go, RegisterResourceHook): else one resource would be guarded by another's.
      if (hooks.has(name)) throw new UserError(`resource hook already registered for name "${name}"`);
      hooks.set(name, { callback, ignoreErrors: request.getIgnoreErrors() });
    },
    async run(moment, names, call) {
      for (const name of names) {
        const hook = hooks.get(name);
        if (hook === undefined) throw new UserError(`hook ${JSON.stringify(name)} was not registered`);
        const answer = await invoke(hook.callback, requestOf(call).serializeBinary());
        const error = messages.ResourceHookResponse.deserializeBinary(answer).getError();
        // Both texts are Pulumi's own (pkg/resource/deploy/deployment.go, RunHooks).
        if (error === "") continue;
        if (hook.ignoreErrors) warn(call.urn, `${moment} hook "${name}" failed: ${error}`);
        else
          throw new UserError(
            `${moment.startsWith("Before") ? "before" : "after"} hook "${name}" failed: ${error}`,
          );
      }
    },
  };
}

function requestOf(call: HookCall) {
  const { urn, id, name, type, newInputs, oldInputs, newOutputs, oldOutputs } = call;
  return new messages.ResourceHookRequest()
    .setUrn(urn)
    .setId(id)
    .setName(name)
    .setType(type)
    .setNewInputs(optionalStruct(newInputs))
    .setOldInputs(optionalStruct(oldInputs))
    .setNewOutputs(optionalStruct(newOutputs))
    .setOldOutputs(optionalStruct(oldOutputs));
}

function optionalStruct(properties: Properties | undefined) {
  // JSON drops `undefined`, on which Struct throws.
  return properties && struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}
