import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, startAgentFor } from "../support/running.ts";

describe("the agent before a model that closes its connection without a word", () => {
  /** Answers the first request on each connection with `status`, and resets the connection at the second. */
  async function closingServer(status: number) {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      let requests = 0;
      socket.on("error", () => {});
      socket.on("data", () => {
        requests += 1;
        if (requests > 1) socket.resetAndDestroy();
        else socket.write(`HTTP/1.1 ${status} Said\r\nContent-Length: 2\r\n\r\nok`);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const { port } = await startAgentFor(typeof address === "object" ? (address?.port ?? 0) : 0, {
      front: {},
    });
    return { port, connections: () => connections };
  }

  it("asks again on a new one where there was no body", async () => {
    const { port, connections } = await closingServer(200);
    expect((await ask(port, "/")).status).toBe(200);
    expect((await ask(port, "/")).status).toBe(200);
    expect(connections()).toBe(2);
  });

  it("does not ask twice what has a body: the model may have done it", async () => {
    const { port, connections } = await closingServer(200);
    expect((await ask(port, "/", { body: "{}" })).status).toBe(200);
    expect((await ask(port, "/", { body: "{}" })).status).toBe(502);
    expect(connections()).toBe(1);
  });

  it("loses no request after an answer of 500, after which uvicorn closes", async () => {
    const { port, connections } = await closingServer(500);
    expect((await ask(port, "/", { body: "{}" })).status).toBe(500);
    expect((await ask(port, "/", { body: "{}" })).status).toBe(500);
    expect(connections()).toBe(2);
  });
});
