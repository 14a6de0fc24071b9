import { appendFileSync } from "node:fs";

import type { EngineEvent } from "../deployment/events.ts";

export interface EventLog {
  write(event: EngineEvent): void;
  /** Resolves when everything written has arrived. */
  close(): Promise<void>;
}

/** `--event-log`: `tcp://host:port` of an Automation API's EventsServer, or a file that gets one JSON line each. */
export async function openEventLog(target: string): Promise<EventLog> {
  if (target.startsWith("tcp://")) return openEventStream(target.slice("tcp://".length));
  return {
    write: (event) => appendFileSync(target, `${JSON.stringify(event)}\n`),
    close: () => Promise.resolve(),
  };
}

async function openEventStream(address: string): Promise<EventLog> {
  const grpc = await import("@grpc/grpc-js");
  const { EventsClient } = (await import("@pulumi/pulumi/proto/events_grpc_pb.js")).default;
  const { EventRequest } = (await import("@pulumi/pulumi/proto/events_pb.js")).default;
  const client = new EventsClient(address, grpc.credentials.createInsecure());
  let stream: { write(request: unknown): void; end(): void };
  const arrived = new Promise<void>((resolve, reject) => {
    stream = client.streamEvents((error: Error | null) => (error === null ? resolve() : reject(error)));
  });
  // A listener that went away is told at `close`; until then nobody waits for this promise.
  arrived.catch(() => {});
  return {
    write(event) {
      const request = new EventRequest();
      request.setEvent(JSON.stringify(event));
      stream.write(request);
    },
    async close() {
      stream.end();
      await arrived.finally(() => client.close());
    },
  };
}
