import {
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { fromStruct, rpcError, toStruct } from "./wire.ts";
import type { CheckFailure, Properties } from "../../../pulumi-engine/values/provider.ts";

/** One method of the plugin protocol: a message in, a message out. Throws what `rpcError` understands. */
export type Method = (request: never) => Promise<unknown>;

export interface Plugin {
  /** Of the SDK that programs use with it: the engine warns of an older one. */
  readonly version: string;
  /** Whether secrets come wrapped; the engine asks that of plugins that construct components. */
  readonly acceptsSecrets: boolean;
  /** What is wrong with the provider's own configuration (`aws:region`, say). */
  readonly checkConfig: (config: Properties) => Promise<readonly CheckFailure[]>;
  readonly methods: Readonly<Record<string, Method>>;
}

/** Serves a Pulumi plugin on a free port of 127.0.0.1, and resolves to the port. */
export async function servePlugin(plugin: Plugin): Promise<number> {
  // As Pulumi's own servers (sdk/nodejs/runtime/settings.ts, maxRPCMessageSize): 400 MB.
  const server = new Server({ "grpc.max_receive_message_length": 1024 * 1024 * 400 });
  const methods = { ...general(plugin), ...plugin.methods };
  const served = Object.entries(methods).map(([name, method]) => [name, unary(method)]);
  server.addService(
    services.ResourceProviderService,
    Object.fromEntries(served) as UntypedServiceImplementation,
  );
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function general({ version, acceptsSecrets, checkConfig }: Plugin): Readonly<Record<string, Method>> {
  return {
    handshake: async () => new messages.ProviderHandshakeResponse().setAcceptSecrets(acceptsSecrets),
    getPluginInfo: async () => new pluginMessages.PluginInfo().setVersion(version),
    checkConfig: async (request: CheckRequest) => {
      const config = fromStruct(request.getNews());
      const failures = (await checkConfig(config)).map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(reason),
      );
      return new messages.CheckResponse().setInputs(toStruct(config)).setFailuresList(failures);
    },
    // The same configuration, whatever changed in it: there is one local cloud.
    diffConfig: async () => {
      const { DiffChanges } = messages.DiffResponse;
      return new messages.DiffResponse().setChanges(DiffChanges.DIFF_NONE);
    },
    configure: async () =>
      new messages.ConfigureResponse().setAcceptsecrets(acceptsSecrets).setSupportspreview(true),
    // Every operation is one request to the local cloud, which carries it out whoever still waits for it.
    cancel: async () => new empty.Empty(),
  };
}

function unary(method: Method): handleUnaryCall<never, unknown> {
  return (call, callback) => {
    method(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(rpcError(error)),
    );
  };
}
