import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { leafChanges } from "../../../pulumi-engine/values/property-diff.ts";
import { parsePath, pathsOverlap } from "../../../pulumi-engine/values/property-path.ts";
import type { Properties, Provider } from "../../../pulumi-engine/values/provider.ts";
import { typeOf } from "../../../pulumi-engine/values/urn.ts";
import type { Method } from "./server.ts";
import { fromStruct, toStruct } from "./wire.ts";

/**
 * The methods of a Pulumi plugin for custom resources and data sources, on a provider of the local cloud. The engine
 * starts a process for each configuration of a provider, and tells it that first.
 */
export function resourceMethods(unconfigured: Provider): Readonly<Record<string, Method>> {
  let cloud = unconfigured;
  return {
    configure: async (request: ConfigureRequest) => {
      cloud = unconfigured.configure?.(qualified(fromStruct(request.getArgs()))) ?? unconfigured;
      return new provider.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true);
    },
    check: async (request: CheckRequest) => {
      const [urn, olds] = [request.getUrn(), request.getOlds()];
      const { inputs, failures } = await cloud.check({
        type: typeOf(urn),
        urn,
        ...(olds !== undefined && { olds: fromStruct(olds) }),
        news: fromStruct(request.getNews()),
      });
      const messages = failures.map(({ property, reason }) =>
        new provider.CheckFailure().setProperty(property).setReason(reason),
      );
      return new provider.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(messages);
    },
    diff: (request: DiffRequest) => diff(cloud, request),
    create: async (request: CreateRequest) => {
      const urn = request.getUrn();
      const inputs = fromStruct(request.getProperties());
      // The program takes what is missing for not known yet.
      if (request.getPreview()) return new provider.CreateResponse().setProperties(toStruct(inputs));
      const { id, outputs } = await cloud.create({ type: typeOf(urn), urn, inputs });
      return new provider.CreateResponse().setId(id).setProperties(toStruct(outputs));
    },
    read: async (request: ReadRequest) => {
      const urn = request.getUrn();
      const found = await cloud.read({
        type: typeOf(urn),
        urn,
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        outputs: fromStruct(request.getProperties()),
      });
      // An answer without an id says that the resource is gone.
      if (found === undefined) return new provider.ReadResponse();
      return new provider.ReadResponse()
        .setId(request.getId())
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    },
    update: async (request: UpdateRequest) => {
      const urn = request.getUrn();
      const outputs = fromStruct(request.getOlds());
      const news = fromStruct(request.getNews());
      const response = new provider.UpdateResponse();
      if (request.getPreview()) return response.setProperties(toStruct({ ...outputs, ...news }));
      const olds = fromStruct(request.getOldInputs());
      const updated = await cloud.update({
        type: typeOf(urn),
        urn,
        id: request.getId(),
        olds,
        news,
        outputs,
      });
      return response.setProperties(toStruct(updated.outputs));
    },
    delete: async (request: DeleteRequest) => {
      const urn = request.getUrn();
      const outputs = fromStruct(request.getProperties());
      await cloud.delete({ type: typeOf(urn), urn, id: request.getId(), outputs });
      return new empty.Empty();
    },
    invoke: async (request: InvokeRequest) => {
      const answer = await cloud.invoke({ token: request.getTok(), args: fromStruct(request.getArgs()) });
      return new provider.InvokeResponse().setReturn(toStruct(answer));
    },
  };
}

async function diff(cloud: Provider, request: DiffRequest) {
  const urn = request.getUrn();
  const olds = fromStruct(request.getOldInputs());
  const news = fromStruct(request.getNews());
  const found = await cloud.diff({
    type: typeOf(urn),
    urn,
    id: request.getId(),
    olds,
    news,
    outputs: fromStruct(request.getOlds()),
  });
  const { DiffChanges } = provider.DiffResponse;
  const response = new provider.DiffResponse()
    .setChanges(found.changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(roots(found.changes))
    .setReplacesList(roots(found.replaces))
    .setDeletebeforereplace(found.deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const map = response.getDetaileddiffMap();
  for (const path of found.changes) {
    const isReplacing = found.replaces.includes(path);
    map.set(
      path,
      new provider.PropertyDiff().setKind(kindOf(olds, news, path, isReplacing)).setInputdiff(true),
    );
  }
  return response;
}

const roots = (paths: readonly string[]) => [...new Set(paths.map((path) => String(parsePath(path)[0])))];

function kindOf(olds: Properties, news: Properties, path: string, isReplacing: boolean) {
  const { Kind } = provider.PropertyDiff;
  const kinds = isReplacing
    ? { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE }
    : { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
  // The provider compares canonical forms, in which a default may stand for what neither side has.
  const found = leafChanges(olds, news).find((change) => pathsOverlap(change.path, path));
  return kinds[found?.kind ?? "update"];
}

/** The engine hands a provider its own keys alone, each as a text; an object is JSON. */
export function qualified(config: Properties): Record<string, string> {
  const texts = Object.entries(config).map(([key, value]) => [
    `aws:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts);
}
