import { credentials } from "@grpc/grpc-js";
import callbackServices from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackMessages from "@pulumi/pulumi/proto/callback_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";

/** The way back to functions of the program, which runs in a process of its own. */
export interface Callbacks {
  /** Rejects with what the function threw. */
  invoke(callback: Callback, request: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

export function createCallbacks(): Callbacks {
  const clients = new Map<string, InstanceType<typeof callbackServices.CallbacksClient>>();
  const clientOf = (target: string) => {
    const known = clients.get(target);
    if (known !== undefined) return known;
    const made = new callbackServices.CallbacksClient(target, credentials.createInsecure());
    clients.set(target, made);
    return made;
  };
  return {
    invoke: (callback, bytes) => {
      const request = new callbackMessages.CallbackInvokeRequest()
        .setToken(callback.getToken())
        .setRequest(bytes);
      return new Promise((resolve, reject) => {
        clientOf(callback.getTarget()).invoke(request, (error, response) =>
          error === null ? resolve(response.getResponse_asU8()) : reject(error),
        );
      });
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}
