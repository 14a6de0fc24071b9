import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { ask, startAgentFor, startModel, until } from "../support/running.ts";

const FRONT = { front: {} };

describe("the agent before a model", () => {
  it("passes on what is asked and what is answered as they were written", async () => {
    let seen: IncomingMessage | undefined;
    let body = "";
    const model = await startModel(async (req, res) => {
      seen = req;
      body = await text(req);
      res.sendDate = false;
      res.writeHead(201, "Made", [
        "Set-Cookie",
        "a=1",
        "set-cookie",
        "b=2",
        "X-Model",
        "7",
        "Content-Length",
        "2",
      ]);
      res.end("ok");
    });
    const { port } = await startAgentFor(model.port, FRONT);
    const headers = {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
      "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678",
      Host: "api.example.com",
      Cookie: "u=1",
      Connection: "keep-alive, x-private",
      "X-Private": "of this connection",
    };
    const answered = await ask(port, "/v1/predict?a=1&b=%20", { body: '{"x":1}', headers });
    expect(seen?.method).toBe("POST");
    expect(seen?.url).toBe("/v1/predict?a=1&b=%20");
    expect(body).toBe('{"x":1}');
    expect(seen?.headers).toMatchObject({
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-proto": "https",
      host: "api.example.com",
      cookie: "u=1",
      "x-request-id": "1-67891233-abcdef012345678912345678",
    });
    expect(seen?.headers).not.toHaveProperty("x-private");
    expect(answered).toMatchObject({ status: 201, body: "ok", isWhole: true });
    expect(answered.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(answered.headers["x-request-id"]).toBe("1-67891233-abcdef012345678912345678");
    expect(answered.headers).not.toHaveProperty("date");
  });

  it("gives a request without an id one, and leaves the model's own answer to it alone", async () => {
    const model = await startModel((req, res) => {
      if (req.url === "/own") res.setHeader("x-request-id", "the model's");
      res.end(req.headers["x-request-id"]);
    });
    const { port } = await startAgentFor(model.port, FRONT);
    const made = await ask(port, "/");
    expect(made.body).toMatch(/^[\da-f-]{36}$/);
    expect(made.headers["x-request-id"]).toBe(made.body);
    expect((await ask(port, "/own")).headers["x-request-id"]).toBe("the model's");
    expect((await ask(port, "/", { headers: { "x-request-id": "mine" } })).body).toBe("mine");
  });

  it.each(["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PUT"])(
    "passes on %s without a body",
    async (method) => {
      const model = await startModel(async (req, res) => {
        const body = await text(req);
        res.setHeader("content-length", "5");
        res.setHeader("x-seen", `${req.method} ${body.length} ${req.headers["transfer-encoding"] ?? "none"}`);
        res.end(req.method === "HEAD" ? undefined : "hello");
      });
      const { port } = await startAgentFor(model.port, FRONT);
      const answered = await ask(port, "/", { method });
      expect(answered.headers["x-seen"]).toBe(`${method} 0 none`);
      expect(answered.headers["content-length"]).toBe("5");
      expect(answered.body).toBe(method === "HEAD" ? "" : "hello");
    },
  );

  it("passes on answers that have no body", async () => {
    const model = await startModel((req, res) =>
      res.writeHead(req.url === "/204" ? 204 : 304, { etag: "e" }).end(),
    );
    const { port } = await startAgentFor(model.port, FRONT);
    expect(await ask(port, "/204")).toMatchObject({ status: 204, body: "", isWhole: true });
    expect(await ask(port, "/304")).toMatchObject({ status: 304, body: "", isWhole: true });
  });

  it("hands each piece on as it comes, in both directions", async () => {
    // The model answers each piece of the upload with one of its own: nobody may wait for the whole.
    const model = await startModel((req, res) => {
      res.flushHeaders();
      req.on("data", (chunk: Buffer) => res.write(`<${chunk.toString()}>`));
      req.on("end", () => res.end());
    });
    const { port } = await startAgentFor(model.port, FRONT);
    const asking = request({ host: "127.0.0.1", port, method: "POST", agent: false });
    asking.write("one");
    const answer: IncomingMessage = await once(asking, "response").then(([first]) => first);
    expect(String(await once(answer, "data").then(([piece]) => piece))).toBe("<one>");
    asking.write("two");
    expect(String(await once(answer, "data").then(([piece]) => piece))).toBe("<two>");
    asking.end();
    await once(answer, "end");
    expect(answer.complete).toBe(true);
  });

  it("sends a status on before anything follows it", async () => {
    const model = await startModel((_, res) =>
      res.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders(),
    );
    const { port } = await startAgentFor(model.port, FRONT);
    const asking = request({ host: "127.0.0.1", port, agent: false }).end();
    const [answer] = await once(asking, "response");
    expect(answer.statusCode).toBe(200);
    asking.destroy();
  });

  it("lets the model say whether it wants the body", async () => {
    const model = await startModel(
      async (req, res) => res.end(`got ${await text(req)}`),
      (server) => {
        server.on("checkContinue", (req: IncomingMessage, res) => {
          if (req.url === "/too-much") {
            res.writeHead(413).end("no");
            return;
          }
          res.writeContinue();
          server.emit("request", req, res);
        });
      },
    );
    const { port } = await startAgentFor(model.port, FRONT);
    const headers = { expect: "100-continue", "content-length": "4" };
    const wanted = request({ host: "127.0.0.1", port, path: "/", method: "POST", headers, agent: false });
    wanted.flushHeaders();
    await once(wanted, "continue");
    wanted.end("body");
    const [answer] = await once(wanted, "response");
    expect(await text(answer)).toBe("got body");
    const unwanted = request({
      host: "127.0.0.1",
      port,
      path: "/too-much",
      method: "POST",
      headers,
      agent: false,
    });
    let mayGoOn = false;
    unwanted.on("continue", () => {
      mayGoOn = true;
    });
    unwanted.flushHeaders();
    const [refusal] = await once(unwanted, "response");
    expect(refusal.statusCode).toBe(413);
    expect(mayGoOn).toBe(false);
    unwanted.destroy();
  });

  it("ends the model's work when the client goes away", async () => {
    let isClosed = false;
    const model = await startModel((_, res) => {
      res.write("first");
      res.on("close", () => {
        isClosed = true;
      });
    });
    const { port } = await startAgentFor(model.port, FRONT);
    const asking = request({ host: "127.0.0.1", port, agent: false }).end();
    await once(asking, "response");
    asking.on("error", () => {});
    asking.destroy();
    await until(() => isClosed);
    expect(isClosed).toBe(true);
  });

  it.each([
    ["a length", { "content-length": "100" }],
    ["chunks", { "transfer-encoding": "chunked" }],
  ])("breaks the client's connection when the model breaks off a body of %s", async (_, headers) => {
    const model = await startModel((req, res) => {
      res.writeHead(200, headers);
      res.write("half", () => req.socket.destroy());
    });
    const { port } = await startAgentFor(model.port, FRONT);
    expect(await ask(port, "/")).toMatchObject({ status: 200, body: "half", isWhole: false });
  });

  it("answers 502 in plain words while the model does not listen, and passes its health path on when it does", async () => {
    const model = await startModel((_, res) => res.end("healthy"));
    const { port } = await startAgentFor(model.port, FRONT);
    expect(await ask(port, "/health")).toMatchObject({ status: 200, body: "healthy" });
    model.server.closeAllConnections();
    await new Promise((resolve) => model.server.close(resolve));
    const answered = await ask(port, "/health");
    expect(answered.status).toBe(502);
    expect(answered.headers["content-type"]).toBe("text/plain");
    expect(answered.body).toBe("The model cannot be reached: it does not listen yet.\n");
    expect((await ask(port, "/", { body: "x".repeat(1_000_000) })).status).toBe(502);
  });

  it("passes a connection on that changes its protocol, and what is said on it", async () => {
    const model = await startModel(
      (_, res) => res.writeHead(426).end("no"),
      (server) => {
        server.on("upgrade", (req, socket) => {
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n${req.url}:`,
          );
          socket.on("data", (data: Buffer) => socket.write(data.toString().toUpperCase()));
          socket.on("end", () => socket.end());
        });
      },
    );
    const { port } = await startAgentFor(model.port, FRONT);
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello");
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    await until(() => heard.endsWith("HELLO"));
    expect(heard).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\/chat:HELLO$/);
    socket.destroy();
  });

  it("keeps a client's connection from one request to the next, and one on HTTP/1.0 as it is used to", async () => {
    const model = await startModel((_, res) => res.end("ok"));
    const { port } = await startAgentFor(model.port, FRONT);
    const socket = connect(port, "127.0.0.1");
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await until(() => heard.split("HTTP/1.1 200 OK").length === 3);
    socket.destroy();
    const old = connect(port, "127.0.0.1");
    old.write("GET / HTTP/1.0\r\n\r\n");
    expect(await text(old)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok$/);
  });

  it("waits for the request under way when it is asked to end", async () => {
    let finish = () => {};
    const model = await startModel((_, res) => {
      res.write("first ");
      finish = () => res.end("last");
    });
    const { port, agent } = await startAgentFor(model.port, FRONT);
    const asking = request({ host: "127.0.0.1", port, agent: false }).end();
    const [answer] = await once(asking, "response");
    const stopped = agent.stop();
    finish();
    expect(await text(answer)).toBe("first last");
    await stopped;
    await expect(ask(port, "/")).rejects.toThrow("ECONNREFUSED");
  });
});
