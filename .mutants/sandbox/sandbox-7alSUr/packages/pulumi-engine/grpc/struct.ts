import struct from "google-protobuf/google/protobuf/struct_pb.js";

import type { Properties } from "../values/provider.ts";

export function structOf(properties: Properties) {
  // Properties are JSON values without `undefined`, which is what the method wants; its type says so less widely.
  return struct.Struct.fromJavaScript(properties as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}
