import { createHash } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { loadBalancerSuffix, targetGroupSuffix } from "../../gateway/arns.ts";
import { rawConnection, rawServer } from "./raw.ts";
import type { RawConnection } from "./raw.ts";
import { single, world, split } from "./support.ts";
import type { SingleTarget, World } from "./support.ts";

const MEGABYTE = 1024 * 1024;
const BODY_BYTES = 20 * MEGABYTE;
const AT_A_TIME = 4;
/** What all of them together may keep in memory: streams' own buffers, here and in the test's client and target. */
const KEPT_BYTES = 6 * MEGABYTE;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

function bufferBytes(): number {
  collectGarbage();
  // Buffers of an earlier test are let go by the next collection after the one that found them.
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

const CHUNK_BYTES = 64 * 1024;

/** A body of 20 MB, no two chunks of which are the same, and its digest. */
function body() {
  const hash = createHash("sha256");
  function* chunks() {
    for (let i = 0; i < BODY_BYTES / CHUNK_BYTES; i += 1) {
      const chunk = Buffer.alloc(CHUNK_BYTES, `${i} of this body `);
      hash.update(chunk);
      yield chunk;
    }
  }
  return { stream: Readable.from(chunks(), { objectMode: false }), digest: () => hash.digest("hex") };
}

async function digestOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}

/** Resolves when `bytes` does not change any more while other requests come and go: everything is held back. */
async function heldBack(w: World, bytes: () => number): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 25; quiet += 1) {
    if (bytes() !== last) [quiet, last] = [0, bytes()];
    await w.get("/ping");
  }
}

function many<T>(make: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: AT_A_TIME }, make));
}

describe("bodies of 20 MB", () => {
  it("arrive whole, up and down, several at a time", async () => {
    const w = await single(async (req, res) => {
      const up = await digestOf(req);
      const down = body();
      res.setHeader("trailer-digest", up);
      down.stream.pipe(res);
      down.stream.on("end", () => w.digests.push(down.digest()));
    }).then((made) => Object.assign(made, { digests: new Array<string>() }));
    await many(async () => {
      const up = body();
      const answer = await request(`${w.url}/`, { method: "POST", body: up.stream });
      expect(answer.headers["trailer-digest"]).toBe(up.digest());
      expect(w.digests).toContain(await digestOf(answer.body));
    });
  });

  it("are not kept for a target that takes them slowly: the client is held back", async () => {
    const requests: IncomingMessage[] = [];
    const w = await single((req, res) => {
      if (req.url === "/ping") return void res.end();
      requests.push(req);
      req.on("end", () => res.end("taken"));
    });
    const before = bufferBytes();
    const clients = await many(async () => {
      const client = await rawConnection(w.url);
      client.socket.write(`POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
      body().stream.pipe(client.socket, { end: false });
      return client;
    });
    await heldBack(w, () => clients.reduce((sum, { socket }) => sum + socket.bytesWritten, 0));
    for (const { socket } of clients) expect(socket.bytesWritten).toBeLessThan(BODY_BYTES);
    expect(bufferBytes() - before).toBeLessThan(KEPT_BYTES);
    expect(requests).toHaveLength(AT_A_TIME);
    for (const req of requests) req.resume();
    for (const client of clients) await client.until(/taken$/);
  });

  it("are not kept for a client that reads them slowly: the target is held back", async () => {
    const answers: ServerResponse[] = [];
    const w = await single((req, res) => {
      if (req.url === "/ping") return void res.end();
      answers.push(res);
      body().stream.pipe(res);
    });
    const before = bufferBytes();
    const clients: RawConnection[] = await many(() => rawConnection(w.url));
    for (const { socket } of clients) {
      socket.pause();
      socket.write("GET /down HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }
    const sent = () => answers.reduce((sum, res) => sum + (res.socket?.bytesWritten ?? 0), 0);
    await heldBack(w, sent);
    expect(sent()).toBeLessThan(AT_A_TIME * BODY_BYTES);
    expect(bufferBytes() - before).toBeLessThan(KEPT_BYTES);
    for (const { socket } of clients) socket.resume();
    for (const client of clients) expect((await client.ended()).length).toBeGreaterThan(BODY_BYTES);
  });
});

describe("an upload", () => {
  async function uploading(): Promise<{ w: SingleTarget; began: Promise<IncomingMessage> }> {
    const { promise: began, resolve } = Promise.withResolvers<IncomingMessage>();
    const w = await single((req, res) => {
      if (req.url === "/next") res.end("next");
      else req.once("data", () => resolve(req));
    });
    return { w, began };
  }

  it("that its client breaks off ends at the target, unanswered, and counts as the client's error", async () => {
    const { w, began } = await uploading();
    const client = await rawConnection(w.url);
    client.socket.write("POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf of it");
    const ended = once(await began, "error");
    client.socket.destroy();
    expect(String((await ended)[0])).toMatch(/aborted/);
    expect(await w.get("/next")).toMatchObject({ status: 200, body: "next" });
    expect(w.elb.traffic(w.group)).toEqual({ inFlight: 0, total: 2 });
    const balancer = loadBalancerSuffix(w.loadBalancerArn);
    expect(w.metrics.sum("HTTPCode_ELB_4XX_Count", balancer)).toBe(1);
    expect(w.metrics.sum("HTTPCode_ELB_5XX_Count", balancer)).toBe(0);
  });

  it("is answered with 502 when its target dies in the middle", async () => {
    const { w, began } = await uploading();
    const upload = new Readable({ read() {} });
    upload.push("half of it");
    const answer = request(`${w.url}/up`, { method: "POST", body: upload });
    (await began).socket.destroy();
    expect((await answer).statusCode).toBe(502);
    upload.push(null);
    expect((await w.get("/next")).status).toBe(200);
  });

  it("may wait for leave to send: the load balancer answers 100 for the target", async () => {
    const w = await single(async (req, res) => res.end(`${req.headers.expect} ${await text(req)}`));
    const client = await rawConnection(w.url);
    client.socket.write("POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    await client.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.socket.write("body");
    expect(await client.until(/body$/)).toMatch(/HTTP\/1\.1 200 OK[^]*undefined body$/);
  });

  it("is answered, however long it is, when there is no target to take it", async () => {
    const w = await world();
    await w.createRule(1, [split([[await w.createGroup("empty"), 1]])]);
    const answer = await w.get("/up", { method: "POST", body: Buffer.alloc(BODY_BYTES) });
    expect(answer.status).toBe(503);
  });
});

const PIECES = 50;
const event = (nth: number) => `data: {"token":${nth}}\n\n`;

describe("an answer that comes in pieces", () => {
  it("is passed on piece by piece: none is sent before the one before has arrived", async () => {
    let answer: ServerResponse | undefined;
    const w = await single((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      answer = res;
      res.write(event(0));
    });
    const { headers, body } = await request(`${w.url}/`, { method: "POST", body: "{}" });
    expect(headers["content-type"]).toBe("text/event-stream");
    const seen: string[] = [];
    // A gateway that kept a piece back would wait here for ever.
    for await (const chunk of body) {
      seen.push(String(chunk));
      if (seen.length < PIECES) answer?.write(event(seen.length));
      else answer?.end();
    }
    expect(seen).toEqual(Array.from({ length: PIECES }, (_, nth) => event(nth)));
  });

  it("that the target cuts is cut for the client, too", async () => {
    const w = await single((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(event(0), () => res.destroy());
    });
    const { body } = await request(`${w.url}/`, { method: "POST", body: "{}" });
    const seen: string[] = [];
    const reading = async () => {
      for await (const chunk of body) seen.push(String(chunk));
    };
    await expect(reading()).rejects.toThrow(/terminated|other side closed|aborted/);
    expect(seen).toEqual([event(0)]);
  });

  const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
  const [FIRST, END] = [event(0), "\r\n"];
  it.each([
    ["by its length", `${HEAD}Content-Length: ${10 * FIRST.length}\r\n\r\n${FIRST}`],
    ["in chunks", `${HEAD}Transfer-Encoding: chunked\r\n\r\n${FIRST.length.toString(16)}\r\n${FIRST}${END}`],
  ])(
    "that the target promises %s and breaks off after its first bytes counts as answered, which is all that an ALB sees",
    async (_how, bytes) => {
      const target = await rawServer((socket, request) =>
        // Health checks are answered whole; the connection of a prediction is reset behind its first bytes.
        request.startsWith("GET /health")
          ? socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
          : socket.write(bytes, () => socket.resetAndDestroy()),
      );
      const w = await world();
      const group = await w.createGroup("blue");
      await w.createRule(1, [split([[group, 1]])]);
      await w.register(group, target);
      const client = await rawConnection(w.url);
      client.socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      const received = await client.ended();
      // The status that was sent stands, nothing is added to the body, and no end of it is made up.
      expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(received).toContain(FIRST);
      expect(received).not.toMatch(/\r\n0\r\n|50\d/);
      const [balancer, of] = [loadBalancerSuffix(w.loadBalancerArn), targetGroupSuffix(group)];
      const count = (name: string) => w.metrics.sum(name, balancer, of);
      // ELB guide, CloudWatch metrics: codes "generated by the targets", and by the load balancer none.
      expect(count("RequestCount")).toBe(1);
      expect(count("HTTPCode_Target_2XX_Count")).toBe(1);
      expect(count("HTTPCode_Target_5XX_Count")).toBe(0);
      expect(w.metrics.sum("HTTPCode_ELB_5XX_Count", balancer)).toBe(0);
      expect(w.metrics.sum("HTTPCode_ELB_502_Count", balancer)).toBe(0);
      expect(w.metrics.values("TargetResponseTime", balancer, of)).toHaveLength(1);
      // Nothing of it is left behind.
      expect((await w.get("/health")).status).toBe(200);
      expect(w.elb.traffic(group)).toEqual({ inFlight: 0, total: 2 });
    },
  );
});
