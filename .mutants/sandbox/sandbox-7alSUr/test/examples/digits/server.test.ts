/** What fetch cannot say: broken HTTP, slow clients, and the order of things while the service stops. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { type Socket, connect } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createService, stopGracefully } from "../../../examples/digits/server.ts";
import { golden } from "../digits-client.ts";
import { startService } from "../service-process.ts";

const body = JSON.stringify({ features: golden[0]?.features });
const head = `POST /predict HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup();
});

async function listen(options: { requestTimeoutMs?: number; predict?: () => number | Promise<number> } = {}) {
  const server = createService({ predict: () => 7, modelVersion: "2", metadata: {}, ...options });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`no port, but ${address}`);
  return { server, url: `http://127.0.0.1:${address.port}` };
}

/** A raw connection to the service at `url`. */
async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  cleanups.push(() => socket.destroy());
  await once(socket, "connect");
  return socket.setEncoding("utf8");
}

/** All that the service says on the connection until it contains `text` or the connection ends. */
async function heard(socket: Socket, text: string): Promise<string> {
  let all = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    all += chunk;
    if (all.includes(text)) return all;
  }
  return all;
}

const untilItCloses = "\0";

test.for([
  { what: "a request that stalls in its header", sent: "POST /predict HTTP/1.1\r\nhost:" },
  { what: "a request that stalls in its body", sent: `${head}\r\n${body.slice(0, 10)}` },
])("answers $what with 408 and closes the connection", async ({ sent }) => {
  const socket = await open((await listen({ requestTimeoutMs: 100 })).url);
  socket.write(sent);
  expect(await heard(socket, untilItCloses)).toMatch(
    /^HTTP\/1\.1 408 [^]*content-type: application\/json[^]*\{"error":"the request did not arrive completely in time"\}$/,
  );
});

test.for([
  { what: "something that is not HTTP", sent: "hello\r\n\r\n", status: 400 },
  {
    what: "a header of 100 KB",
    sent: `GET /health HTTP/1.1\r\nx: ${"x".repeat(100_000)}\r\n\r\n`,
    status: 431,
  },
])("answers $what with $status and one JSON error", async ({ sent, status }) => {
  const socket = await open((await listen()).url);
  socket.write(sent);
  expect(await heard(socket, untilItCloses)).toMatch(
    new RegExp(`^HTTP/1\\.1 ${status} [^]*\\{"error":"[^"]+"\\}$`),
  );
});

test("survives a client that hangs up in the middle of its body", async () => {
  const { server, url } = await listen();
  const client = await open(url);
  client.write(`${head}\r\n${body.slice(0, 10)}`);
  const [request]: IncomingMessage[] = await once(server, "request");
  client.destroy();
  await once(request?.socket ?? server, "close");

  const socket = await open(url);
  socket.write(`${head}\r\n${body}`);
  expect(await heard(socket, "}")).toContain('"prediction":7');
});

test("answers 500, logs why, and keeps the connection when the model fails", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  cleanups.push(() => log.mockRestore());
  const failing = () => {
    throw new Error("out of memory");
  };
  const socket = await open((await listen({ predict: failing })).url);
  socket.write(`${head}\r\n${body}`);
  const answer = await heard(socket, "}");
  expect(answer).toMatch(
    /^HTTP\/1\.1 500 [^]*\{"error":"the model failed on this request","model":"digits","modelVersion":"[^"]+"\}$/,
  );
  expect(answer).toMatch(/connection: keep-alive/i);
  expect(log).toHaveBeenCalledWith("digits: out of memory");
});

test("a stopping service closes idle connections and cuts those that stay silent too long", async () => {
  const { server, url } = await listen();
  const idle = await open(url);
  idle.write("GET /health HTTP/1.1\r\nhost: test\r\n\r\n");
  await heard(idle, "}");
  const silent = await open(url);
  const closed = [once(idle, "close"), once(silent, "close")];
  idle.resume();
  silent.resume();
  await stopGracefully(server, 50);
  await Promise.all(closed);
  expect(server.listening).toBe(false);
});

test("on SIGTERM, and signals after it, the process finishes the request in flight, takes no other, and exits with 0", async () => {
  const service = await startService({ command: ["node", "examples/digits/service.ts", "--model", "2"] });
  const client = await open(service.url);
  // The answer "100 Continue" proves that the request is in flight.
  client.write(`${head}expect: 100-continue\r\n\r\n`);
  await heard(client, "100 Continue\r\n\r\n");

  service.kill("SIGTERM");
  await service.printed(/finishing the requests in flight/);
  service.kill("SIGINT");
  await expect(fetch(`${service.url}/health`)).rejects.toThrow("fetch failed");

  client.write(body);
  const answer = await heard(client, untilItCloses);
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*"modelVersion":"2"\}$/);
  expect(answer).toMatch(/connection: close/i);
  expect((await service.stop()).code).toBe(0);
});
