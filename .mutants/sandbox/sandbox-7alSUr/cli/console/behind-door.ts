/** The console of a local cloud: gets its connections from the cloud's process, and ends with it. See door.ts. */
import { Socket } from "node:net";
import { startConsole } from "../actions/console.ts";
import { isRecord } from "../../contract/config/field.ts";
import { localPlace } from "../local/place.ts";
import type { ConsoleServer } from "./http/server.ts";

let serving: Promise<ConsoleServer> | undefined;

process.on("message", (message: unknown, handle: unknown) => {
  if (isRecord(message) && typeof message["port"] === "number" && typeof message["token"] === "string") {
    const behind = { port: message["port"], token: message["token"] };
    serving = startConsole(localPlace(), { port: 0, stack: "local", behind });
  } else if (handle instanceof Socket) void serving?.then(({ server }) => takeOver(server, handle));
});
process.once("disconnect", () => process.exit());

/** As Node's own documentation of child processes hands a connection to a server. */
function takeOver(server: ConsoleServer["server"], socket: Socket): void {
  server.emit("connection", socket);
  socket.resume();
}
