/** A target of `bench:gateway` where nginx is not installed: answers 110 bytes of JSON. Tells its port over IPC. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ANSWER } from "./answer.ts";

const server = createServer((_req, res) => {
  res.writeHead(200, { "content-type": "application/json", "content-length": ANSWER.length });
  res.end(ANSWER);
});
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  // A TCP server's address is an object.
  process.send?.({ kind: "port", port: (server.address() as AddressInfo).port });
});
