import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import {
  UNKNOWN,
  type Child,
  type ComponentProvider,
  type Properties,
} from "../../../pulumi-engine/values/provider.ts";
import { keepSecret, revealProperties } from "../../../pulumi-engine/values/values.ts";
import type { Method } from "./server.ts";
import { fromStruct, toStruct } from "./wire.ts";

/** The method of the plugin protocol that expands a component; `awsVersion`: of the provider of its children. */
export function componentMethods(
  components: ComponentProvider,
  awsVersion: string,
): Readonly<Record<string, Method>> {
  return {
    construct: async (request: ConstructRequest) => {
      const monitor = connect(request.getMonitorendpoint());
      try {
        return await construct(components, monitor, request, awsVersion);
      } finally {
        monitor.close();
      }
    },
  };
}

type RegisterRequest = InstanceType<typeof messages.RegisterResourceRequest>;

/** The engine's side of a registration: the same service that programs register their resources with. */
interface Monitor {
  register(request: RegisterRequest): Promise<RegisterResourceResponse>;
  registerOutputs(urn: string, outputs: Properties): Promise<void>;
  close(): void;
}

function connect(address: string): Monitor {
  const client = new services.ResourceMonitorClient(address, credentials.createInsecure());
  return {
    register: (request) =>
      new Promise((resolve, reject) => {
        client.registerResource(request, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      }),
    registerOutputs: (urn, outputs) =>
      new Promise((resolve, reject) => {
        const request = new messages.RegisterResourceOutputsRequest()
          .setUrn(urn)
          .setOutputs(toStruct(outputs));
        client.registerResourceOutputs(request, (error) => (error === null ? resolve() : reject(error)));
      }),
    close: () => client.close(),
  };
}

async function construct(
  components: ComponentProvider,
  monitor: Monitor,
  request: ConstructRequest,
  awsVersion: string,
) {
  const [type, name] = [request.getType(), request.getName()];
  const inputs = fromStruct(request.getInputs());
  const component = await monitor.register(componentRequest(request));
  const urn = component.getUrn();
  const children: string[] = [];
  const { outputs } = await components.construct(
    { type, name, urn, inputs: revealProperties(inputs) },
    async (child) => {
      const made = await monitor.register(childRequest(request, urn, child, inputs, awsVersion));
      children.push(made.getUrn());
      const found = fromStruct(made.getObject());
      return { urn: made.getUrn(), id: made.getId() || UNKNOWN, outputs: revealProperties(found) };
    },
  );
  const kept = keepSecret(JSON.parse(JSON.stringify(outputs)), inputs);
  await monitor.registerOutputs(urn, kept);
  const response = new provider.ConstructResponse().setUrn(urn).setState(toStruct(kept));
  // Who uses an output needs the children behind it. All of them: the stand-ins keep no count of which.
  const dependencies = response.getStatedependenciesMap();
  for (const key of Object.keys(kept))
    dependencies.set(key, new provider.ConstructResponse.PropertyDependencies().setUrnsList(children));
  return response;
}

function registration(type: string, name: string, parent: string): RegisterRequest {
  return new messages.RegisterResourceRequest()
    .setType(type)
    .setName(name)
    .setParent(parent)
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSupportspartialvalues(true)
    .setAliasspecs(true);
}

function componentRequest(request: ConstructRequest): RegisterRequest {
  const component = registration(request.getType(), request.getName(), request.getParent())
    .setObject(toStruct({}))
    .setDependenciesList(request.getDependenciesList())
    .setAliasesList(request.getAliasesList())
    .setReplaceonchangesList(request.getReplaceonchangesList())
    .setIgnorechangesList(request.getIgnorechangesList());
  if (request.hasProtect()) component.setProtect(request.getProtect() === true);
  if (request.hasRetainondelete()) component.setRetainondelete(request.getRetainondelete() === true);
  return component;
}

function childRequest(
  request: ConstructRequest,
  componentUrn: string,
  child: Child,
  componentInputs: Properties,
  awsVersion: string,
): RegisterRequest {
  const dependencies = [...new Set([...request.getDependenciesList(), ...(child.dependsOn ?? [])])];
  const inputs = keepSecret(JSON.parse(JSON.stringify(child.inputs)), componentInputs);
  const made = registration(child.type, child.name, child.parent ?? componentUrn)
    .setCustom(true)
    .setObject(toStruct(inputs))
    .setVersion(awsVersion)
    .setProvider(request.getProvidersMap().get("aws") ?? "")
    // What the component needed, each of its children may need.
    .setDependenciesList(dependencies)
    .setIgnorechangesList(child.ignoreChanges ?? []);
  // Children inherit these from their parent (sdk/nodejs/resource.ts).
  if (child.protect !== undefined || request.hasProtect())
    made.setProtect(child.protect ?? request.getProtect() === true);
  if (request.hasRetainondelete()) made.setRetainondelete(request.getRetainondelete() === true);
  return made;
}
