import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An endpoint that takes every request and never answers, as behind a network that swallows packets. */
export async function silentEndpoint() {
  const server = createServer();
  const asked = once(server, "request");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a TCP port has a socket address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** When the first request is there. */
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
