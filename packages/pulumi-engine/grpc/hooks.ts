import { credentials } from "@grpc/grpc-js";
import callbackServices from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceHookRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

import { notSupported, UserError } from "../errors.ts";
import type { HookCall, Hooks } from "../deployment/hook-binding.ts";
import type { Properties } from "../values/provider.ts";

/** The hooks that a program has registered, and the way back to it. */
export interface ProgramHooks extends Hooks {
  register(request: RegisterResourceHookRequest): void;
  close(): void;
}

interface Hook {
  readonly token: string;
  readonly target: string;
  readonly ignoreErrors: boolean;
}

/**
 * Runs a program's hooks in its own process (pulumi.ResourceHook), by the callback that it registered each with.
 * `warn` tells of an error that a hook's `ignoreErrors` lets pass.
 */
export function createHooks(warn: (urn: string, message: string) => void): ProgramHooks {
  const hooks = new Map<string, Hook>();
  const clients = new Map<string, InstanceType<typeof callbackServices.CallbacksClient>>();
  const clientOf = (target: string) => {
    const known = clients.get(target);
    if (known !== undefined) return known;
    const made = new callbackServices.CallbacksClient(target, credentials.createInsecure());
    clients.set(target, made);
    return made;
  };
  const invoke = async ({ target, token }: Hook, call: HookCall): Promise<string> => {
    const request = new callbackMessages.CallbackInvokeRequest()
      .setToken(token)
      .setRequest(requestOf(call).serializeBinary());
    const answer = await new Promise<Uint8Array>((resolve, reject) => {
      clientOf(target).invoke(request, (error, response) =>
        error === null ? resolve(response.getResponse_asU8()) : reject(error),
      );
    });
    return messages.ResourceHookResponse.deserializeBinary(answer).getError();
  };
  return {
    register(request) {
      const callback = request.getCallback();
      if (callback === undefined) throw new UserError(`the hook ${request.getName()} has no callback`);
      if (request.getOnDryRun()) throw notSupported("resource hooks that run in previews (onDryRun)");
      hooks.set(request.getName(), {
        token: callback.getToken(),
        target: callback.getTarget(),
        ignoreErrors: request.getIgnoreErrors(),
      });
    },
    async run(moment, names, call) {
      for (const name of names) {
        const hook = hooks.get(name);
        if (hook === undefined) throw new UserError(`hook ${JSON.stringify(name)} was not registered`);
        const error = await invoke(hook, call);
        // Both texts are Pulumi's own (pkg/resource/deploy/deployment.go, RunHooks).
        if (error === "") continue;
        if (hook.ignoreErrors) warn(call.urn, `${moment} hook "${name}" failed: ${error}`);
        else
          throw new UserError(
            `${moment.startsWith("Before") ? "before" : "after"} hook "${name}" failed: ${error}`,
          );
      }
    },
    close() {
      for (const client of clients.values()) client.close();
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
