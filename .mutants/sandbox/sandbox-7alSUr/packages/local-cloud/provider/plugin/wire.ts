import { status, Metadata, type ServiceError } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { NoAnswer, PartialFailure, type Properties } from "../../../pulumi-engine/values/provider.ts";
import { decodeProperties } from "../../../pulumi-engine/values/values.ts";

/** Properties as they travel; JSON drops `undefined`, on which `Struct` throws. */
export function toStruct(properties: Properties): Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

export function fromStruct(message: Struct | undefined): Properties {
  return decodeProperties(message?.toJavaScript() ?? {});
}

/**
 * What the engine makes of an error depends on its code (pkg/resource/plugin/provider_plugin.go,
 * resourceStateAndError): after UNKNOWN it keeps a creation as pending, because it may have been carried out; after
 * any other code nothing has happened.
 */
export function rpcError(error: unknown): Partial<ServiceError> {
  const details = error instanceof Error ? error.message : String(error);
  if (error instanceof PartialFailure)
    return { code: status.UNKNOWN, details, metadata: halfMade(error, details) };
  return { code: error instanceof NoAnswer ? status.UNKNOWN : status.FAILED_PRECONDITION, details };
}

/** What a half-made resource has become, where gRPC for Go looks for the details of an error. */
function halfMade({ id, outputs }: PartialFailure, message: string): Metadata {
  const detail = new provider.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(outputs));
  detail.setReasonsList([message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new statusMessages.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(message);
  answer.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return metadata;
}
