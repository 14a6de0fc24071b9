import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, startAgentFor, startModel } from "../support/running.ts";

async function rawModel(answer: string) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.end(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  return startAgentFor(typeof address === "object" ? (address?.port ?? 0) : 0, { front: {} });
}

describe("the agent before a model that speaks no HTTP", () => {
  it.each([
    ["nothing", ""],
    ["another protocol", "220 mail.example.com ESMTP\r\n"],
    ["half a head", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["a status that is none", "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"],
    [
      "another protocol that nobody asked for",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    ],
    ["a head of 100 KB", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
  ])("answers 502 to %s, and lives", async (_, answer) => {
    const { port } = await rawModel(answer);
    expect((await ask(port, "/")).status).toBe(502);
    expect((await ask(port, "/", { body: "{}" })).status).toBe(502);
  });

  it.each([
    [
      "a chunk without a length",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
    ],
    ["fewer bytes than it promised", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"],
  ])("passes %s on as a body that is not whole", async (_, answer) => {
    const { port } = await rawModel(answer);
    expect(await ask(port, "/")).toMatchObject({ status: 200, isWhole: false });
  });

  it.each([
    ["bytes that are no request", Buffer.from([0, 1, 2, 255, 13, 10, 13, 10])],
    ["a method that is none", "FLY / HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["a head of 100 KB", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(100_000)}\r\n\r\n`],
    [
      "a path of every byte",
      Buffer.concat([
        Buffer.from("GET /"),
        Buffer.from([128, 200, 255]),
        Buffer.from(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
      ]),
    ],
    ["a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"],
  ])("lives when a client sends %s", async (_, bytes) => {
    const model = await startModel((_, res) => res.end("ok"));
    const { port } = await startAgentFor(model.port, { front: {} });
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(bytes);
    await once(socket, "close");
    expect((await ask(port, "/")).body).toBe("ok");
  });
});
