import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Passes a connection on that is to speak another protocol (WebSocket), and both ways what is said on it. */
export function passUpgrade(req: IncomingMessage, client: Duplex, head: Buffer, port: number): void {
  const asking = request({
    host: "127.0.0.1",
    port,
    method: req.method,
    path: req.url,
    headers: req.rawHeaders,
    agent: false,
  });
  client.on("error", () => asking.destroy());
  client.on("close", () => asking.destroy());
  asking.on("error", () =>
    client.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
  );
  asking.on("upgrade", (answer, model, first) => {
    client.write(headOf(answer));
    client.write(first);
    model.write(head);
    model.on("error", () => client.destroy());
    model.on("close", () => client.destroy());
    client.on("close", () => model.destroy());
    model.pipe(client).pipe(model);
  });
  // The model declines.
  asking.on("response", (answer) => {
    client.write(headOf(answer, ["Connection", "close"]));
    answer.pipe(client);
  });
  asking.end();
}

function headOf(answer: IncomingMessage, added: readonly string[] = []): string {
  const isOver = added.length > 0;
  const fields = [...answer.rawHeaders, ...added];
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? "";
    // Of a body that is read already, and ends with the connection.
    if (isOver && at < answer.rawHeaders.length && /^(connection|transfer-encoding|keep-alive)$/i.test(name))
      continue;
    lines.push(`${name}: ${fields[at + 1] ?? ""}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
