import { connect } from "node:net";
import type { Socket } from "node:net";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { loadBalancerSuffix } from "../../gateway/arns.ts";
import { rawConnection, sendRaw, statusOf } from "./raw.ts";
import { single } from "./support.ts";

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: h", ...headers, "", ""].join("\r\n");
}

describe("a connection", () => {
  it("serves one request after the other, over one connection to the target", async () => {
    const sockets = new Set<Socket>();
    const w = await single((req, res) => {
      sockets.add(req.socket);
      res.end(`answer to ${req.url};`);
    });
    const client = await rawConnection(w.url);
    for (let i = 0; i < 20; i += 1) {
      client.socket.write(get(`/${i}`));
      await client.until(new RegExp(`answer to /${i};`));
    }
    expect(sockets.size).toBe(1);
  });

  it("answers pipelined requests in their order", async () => {
    const answers: ServerResponse[] = [];
    const { promise: both, resolve } = Promise.withResolvers<void>();
    const w = await single((_req, res) => {
      if (answers.push(res) === 2) resolve();
    });
    const client = await rawConnection(w.url);
    client.socket.write(get("/1") + get("/2", "Connection: close"));
    await both;
    for (const res of answers.toReversed()) res.end(`${res.req.url};`);
    expect(await client.ended()).toMatch(/\/1;[^]*\/2;/);
  });

  it("is used again after answers without a body: HEAD, 204 and 304", async () => {
    const w = await single((req, res) => {
      res.statusCode = Number(req.url?.slice(1));
      if (res.statusCode === 200) res.setHeader("content-length", 4);
      res.end(res.statusCode === 200 ? "body" : undefined);
    });
    const client = await rawConnection(w.url);
    client.socket.write("HEAD /200 HTTP/1.1\r\nHost: h\r\n\r\n");
    await client.until(/content-length: 4[^]*\r\n\r\n$/i);
    client.socket.write(get("/204"));
    await client.until(/204 No Content[^]*\r\n\r\n$/);
    client.socket.write(get("/304"));
    await client.until(/304 Not Modified[^]*\r\n\r\n$/);
    client.socket.write(get("/200", "Connection: close"));
    expect(await client.ended()).toMatch(/body$/);
  });

  it("of an HTTP/1.0 client ends with the answer, which has no chunks", async () => {
    const w = await single((_req, res) => {
      res.write("in ");
      res.end("parts");
    });
    const answer = await sendRaw(w.url, "GET / HTTP/1.0\r\n\r\n");
    expect(statusOf(answer)).toBe(200);
    expect(answer).toMatch(/\r\n\r\nin parts$/);
    expect(answer).not.toMatch(/transfer-encoding/i);
  });

  it.each([
    ["says so", { headers: ["Connection", "close"] }],
    ["does not", { headers: [] }],
  ])(
    "to a target that closes it after each answer costs no request, whether the target %s",
    async (_how, { headers }) => {
      const w = await single((req, res) => {
        res.writeHead(200, headers);
        res.end("answer", () => req.socket.end());
      });
      for (let i = 0; i < 50; i += 1) {
        const method = i % 2 === 0 ? "GET" : "POST";
        expect(await w.get("/", { method, body: i % 2 === 0 ? null : "x" })).toMatchObject({ status: 200 });
      }
    },
  );
});

describe("the idle timeout", () => {
  const attributes = { "idle_timeout.timeout_seconds": "1" };

  it("is a 408 for a client that stops in the middle of its upload; the target is told", async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const w = await single((req) => void req.on("error", () => resolve()).resume(), { attributes });
    const client = await rawConnection(w.url);
    client.socket.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
    const answer = await client.ended();
    expect(statusOf(answer)).toBe(408);
    expect(answer).toMatch(/connection: close/i);
    await told;
    const balancer = loadBalancerSuffix(w.loadBalancerArn);
    expect(w.metrics.sum("HTTPCode_ELB_4XX_Count", balancer)).toBe(1);
    expect(w.elb.traffic(w.group)).toEqual({ inFlight: 0, total: 1 });
  });

  it("is a 408 for a client that stops in the middle of its headers, or trickles them", async () => {
    const w = await single((_req, res) => void res.end("answer"), { attributes });
    const [stopped, trickling] = [await rawConnection(w.url), await rawConnection(w.url)];
    for (const { socket } of [stopped, trickling]) socket.write("GET / HTTP/1.1\r\nX-Slow: ");
    // Other requests are the clock of the trickle.
    while (!trickling.isOver()) {
      await w.get();
      trickling.socket.write("x");
    }
    expect(statusOf(trickling.received())).toBe(408);
    expect(statusOf(await stopped.ended())).toBe(408);
  });

  it("does not run out while an upload makes progress, however slow", async () => {
    const w = await single(
      (req, res) => {
        if (req.url === "/ping") res.end();
        else req.resume().on("end", () => res.end("taken"));
      },
      { attributes },
    );
    const client = await rawConnection(w.url);
    client.socket.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    const startMs = performance.now();
    while (performance.now() - startMs < 1_600) {
      client.socket.write("1\r\nx\r\n");
      await w.get("/ping");
    }
    client.socket.write("0\r\n\r\n");
    expect(statusOf(await client.until(/taken/))).toBe(200);
  });

  it("is a 504 when it is the target that does not take the upload", async () => {
    const w = await single(() => {}, { attributes });
    const answer = await w.get("/", { method: "POST", body: Buffer.alloc(60_000_000) });
    expect(answer.status).toBe(504);
  });

  it("breaks an answer off in which the target falls silent", async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const w = await single(
      (_req, res) => {
        res.writeHead(200, { "content-length": "100" });
        res.write("half");
        res.on("close", resolve);
      },
      { attributes },
    );
    await expect(w.get()).rejects.toThrow("other side closed");
    await told;
  });

  it("ends an answer that the client does not read, at the target too", async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const w = await single(
      (req, res) => {
        if (req.url === "/ping") return void res.end();
        res.on("close", resolve);
        const more = () => {
          while (!res.destroyed && res.write(Buffer.alloc(1_000_000)));
          res.once("drain", more);
        };
        more();
      },
      { attributes },
    );
    const socket = connect(Number(new URL(w.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    socket.write(get("/"));
    await told;
    await w.get("/ping");
    socket.destroy();
    expect(w.elb.traffic(w.group).inFlight).toBe(0);
  });

  it("closes a connection between requests, without a word", async () => {
    const w = await single((_req, res) => void res.end("answer"), { attributes });
    const client = await rawConnection(w.url);
    client.socket.write(get("/"));
    expect((await client.ended()).match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});
