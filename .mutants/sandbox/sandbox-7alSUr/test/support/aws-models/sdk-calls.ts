import { Client } from "@smithy/core/client";

/** A call that a client of the SDK is about to make. */
export interface SdkCall {
  /** As the SDK calls the service: `Elastic Load Balancing v2`. */
  readonly serviceId: string;
  readonly operation: string;
  /** Of a call that was written down, dates are ISO texts. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Has `listener` told of each call of every client of the SDK in this process, before it is made; gives the end of it. */
export function listenToCalls(listener: (call: SdkCall) => void): () => void {
  // All clients inherit this one method. Its overloads are those with callbacks, which nobody here uses.
  const shared = Client.prototype as { send: unknown };
  const { send } = shared;
  if (typeof send !== "function") throw new Error("the clients of the SDK send in another way now");
  shared.send = function (
    this: { readonly config: { readonly serviceId: string } },
    command: { readonly input: SdkCall["input"] },
    ...rest: unknown[]
  ): unknown {
    const operation = command.constructor.name.replace(/Command$/, "");
    listener({ serviceId: this.config.serviceId, operation, input: command.input });
    return Reflect.apply(send, this, [command, ...rest]);
  };
  return () => {
    shared.send = send;
  };
}
