import type { AddressInfo, Server } from "node:net";

/** Listens on 127.0.0.1 alone, at any free port where 0 is wanted; answers with the port. Rejects with what the system says. */
export async function listenHere(server: Server, wanted: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  // A server that listens on a TCP port has a socket address.
  return (server.address() as AddressInfo).port;
}
