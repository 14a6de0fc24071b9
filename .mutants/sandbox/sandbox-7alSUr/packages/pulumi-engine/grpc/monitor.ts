import { stripVTControlCharacters } from "node:util";

import {
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import type { LogRequest, SetRootResourceRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type {
  ReadResourceRequest,
  RegisterResourceHookRequest,
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";

import { READ_STACK_OUTPUTS } from "../deployment/builtins.ts";
import { fail, type Context } from "../deployment/context.ts";
import { Stopped } from "../deployment/control.ts";
import type { Deployment, ReadRequest, Registered } from "../deployment/registrations.ts";
import { messageOf, notSupported, UserError } from "../errors.ts";
import { emitDiagnostic, type Severity } from "../deployment/events.ts";
import type { Callbacks } from "./callbacks.ts";
import type { ProgramHooks } from "./hooks.ts";
import type { ComponentProvider, Properties } from "../values/provider.ts";
import { goalOf, readRequestOf } from "./requests.ts";
import { structOf } from "./struct.ts";
import { transformOf } from "./transforms.ts";
import { STACK_REFERENCE_TYPE } from "../values/urn.ts";
import { decode, decodeProperties, hasUnknown, revealProperties } from "../values/values.ts";

export interface MonitorOptions {
  context: Context;
  deployment: Deployment;
  components: ComponentProvider;
  /** Of a stack, by its full name: what `readStackOutputs` answers. */
  stackOutputs(name: string): Promise<Properties>;
  hooks: ProgramHooks;
  callbacks: Callbacks;
}

export interface Monitor {
  /** `127.0.0.1:<port>`. */
  address: string;
  close(): void;
}

const FEATURES: [name: string, feature: number][] = [
  ["secrets", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS],
  ["resourceReferences", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES],
  ["aliasSpecs", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS],
  ["outputValues", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES],
  ["transforms", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_TRANSFORMS],
  // Claimed in order to be refused by this engine's own words, not by "please update the Pulumi CLI".
  ["invokeTransforms", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS],
  ["resourceHooks", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS],
  ["errorHooks", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS],
  ["deletedWith", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH],
  ["replaceWith", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH],
  ["parameterization", messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION],
];

const REFUSED: [method: string, what: string][] = [
  ["call", "methods of resources"],
  ["existsResource", "existence checks of resources"],
  ["registerStackInvokeTransform", "invoke transforms"],
  ["registerErrorHook", "error hooks"],
  ["registerPackage", "parameterized packages"],
];

/** Serves Pulumi's ResourceMonitor and Engine to one program, on a free port of 127.0.0.1. */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  // As Pulumi's own servers (sdk/nodejs/runtime/settings.ts, maxRPCMessageSize): 400 MB.
  const server = new Server({ "grpc.max_receive_message_length": 1024 * 1024 * 400 });
  server.addService(monitorService.ResourceMonitorService, monitorMethods(options));
  server.addService(engineService.EngineService, engineMethods(options.context));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function monitorMethods(options: MonitorOptions): UntypedServiceImplementation {
  const { context, deployment, components, stackOutputs, hooks, callbacks } = options;
  const refused = REFUSED.map(([method, what]) => [
    method,
    unary(() => reporting(context, () => Promise.reject(notSupported(what)))),
  ]);
  const lookUp = (request: ReadRequest): Promise<Properties | undefined> =>
    request.type === STACK_REFERENCE_TYPE ? stackOutputs(request.id) : readThrough(context, request);
  return {
    ...Object.fromEntries(refused),
    getDeploymentInfo: unary(async () => deploymentInfo(context)),
    supportsFeature: unary(async (request: SupportsFeatureRequest) => {
      const response = new messages.SupportsFeatureResponse();
      return response.setHassupport(FEATURES.some(([name]) => name === request.getId()));
    }),
    registerResource: unary((request: RegisterResourceRequest) =>
      reporting(context, async () => {
        const transforms = request.getTransformsList().map((own) => transformOf(callbacks, own));
        const goal = { ...goalOf(request), transforms };
        const registered = await (request.getRemote()
          ? deployment.construct(goal, components)
          : deployment.register(goal));
        return registeredResponse(registered);
      }),
    ),
    registerResourceOutputs: unary(async (request: RegisterResourceOutputsRequest) => {
      const outputs = request.getOutputs()?.toJavaScript() ?? {};
      // Decoding keeps a mapping a mapping.
      await reporting(context, () =>
        deployment.registerOutputs(request.getUrn(), decode(outputs) as Properties),
      );
      return new empty.Empty();
    }),
    readResource: unary((request: ReadResourceRequest) =>
      reporting(context, async () => {
        const read = readRequestOf(request);
        const { urn, outputs } = await deployment.read(read, () => lookUp(read));
        return new messages.ReadResourceResponse().setUrn(urn).setProperties(structOf(outputs));
      }),
    ),
    invoke: unary((request: ResourceInvokeRequest) => context.control.run(() => invoke(options, request))),
    registerStackTransform: unary((callback: Callback) =>
      reporting(context, async () => {
        context.transforms.addToStack(transformOf(callbacks, callback));
        return new empty.Empty();
      }),
    ),
    registerResourceHook: unary((request: RegisterResourceHookRequest) =>
      reporting(context, async () => {
        hooks.register(request);
        return new empty.Empty();
      }),
    ),
    // The deletions that follow need no program: it may go.
    signalAndWaitForShutdown: unary(async () => new empty.Empty()),
  };
}

function engineMethods(context: Context): UntypedServiceImplementation {
  const { LogSeverity } = engineMessages;
  const severities = new Map<number, Severity>([
    [LogSeverity.INFO, "info"],
    [LogSeverity.WARNING, "warning"],
    [LogSeverity.ERROR, "error"],
  ]);
  let root = "";
  return {
    log: unary(async (request: LogRequest) => {
      const severity = severities.get(request.getSeverity());
      // The SDK colours stack traces, whoever reads them (cmd/run/error.ts).
      const message = stripVTControlCharacters(request.getMessage());
      // What belongs to no resource is told at the stack, as in Pulumi.
      const urn = request.getUrn() === "" ? root : request.getUrn();
      if (severity !== undefined) emitDiagnostic(context.emit, { urn, message, severity });
      return new empty.Empty();
    }),
    getRootResource: unary(async () => new engineMessages.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary(async (request: SetRootResourceRequest) => {
      root = request.getUrn();
      return new engineMessages.SetRootResourceResponse();
    }),
    startDebugging: unary(() => Promise.reject(notSupported("debugging the program"))),
    // The version that a program may require is that of the Pulumi CLI, which is not here.
    requirePulumiVersion: unary(() => Promise.reject(notSupported("requirePulumiVersion"))),
  };
}

async function invoke({ context, stackOutputs }: MonitorOptions, request: ResourceInvokeRequest) {
  const token = request.getTok();
  const args = decodeProperties(request.getArgs()?.toJavaScript() ?? {});
  const response = new messages.ResourceInvokeResponse();
  if (token === "pulumi:pulumi:getResource")
    return response.setReturn(structOf(describeResource(context, args)));
  if (hasUnknown(args)) return response.setUnknown(true);
  if (token === READ_STACK_OUTPUTS)
    return response.setReturn(structOf(await stackOutputs(String(args["name"]))));
  return response.setReturn(structOf(await context.provider.invoke({ token, args: revealProperties(args) })));
}

/** The SDK asks so for a resource of which it only has a reference. */
function describeResource(context: Context, args: Properties): Properties {
  const urn = String(args["urn"]);
  const state = context.ledger.recorded(urn);
  if (state === undefined) throw new UserError(`unknown resource ${urn}`);
  return { urn, id: state.id ?? "", state: state.outputs };
}

async function readThrough(context: Context, request: ReadRequest): Promise<Properties | undefined> {
  const found = await context.provider.read({
    type: request.type,
    urn: "",
    id: request.id,
    inputs: revealProperties(request.inputs),
    outputs: {},
  });
  return found?.outputs;
}

function registeredResponse({ urn, id, outputs, skipped }: Registered) {
  const response = new messages.RegisterResourceResponse().setUrn(urn).setObject(structOf(outputs));
  response.setUnknown(skipped);
  return response.setId(id ?? "");
}

function deploymentInfo(context: Context) {
  return new messages.DeploymentInfo()
    .setProject(context.project)
    .setStack(context.stack)
    .setDryrun(context.planning)
    .setSupportedfeaturesList(FEATURES.map(([, feature]) => feature));
}

/** What the engine itself refuses ends the deployment with a message of its own, not with a stack trace of the SDK. */
async function reporting<T>(context: Context, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof Stopped)) fail(context, error);
    throw new Stopped();
  }
}

function unary<Request, Response>(
  handle: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(rpcError(error)),
    );
  };
}

// The SDK ends a program quietly on UNAVAILABLE (runtime/resource.ts: "Resource monitor is terminating").
function rpcError(error: unknown): Partial<ServiceError> {
  const code = error instanceof Stopped ? status.UNAVAILABLE : status.UNKNOWN;
  return { code, details: messageOf(error) };
}
