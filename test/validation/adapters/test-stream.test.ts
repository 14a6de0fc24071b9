import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { testStream } from "../../../validation/adapters/test-stream.ts";

const nothing = () => {};
const TOKEN = "t".repeat(32);
const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server that listens has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const EVENTS = { "content-type": "text/event-stream" };
const QUESTION = { method: "POST", path: "/v1/chat/completions", body: '{"stream":true}' } as const;

/** Asks for a stream and answers with its pieces and its end. */
async function streamed(
  url: string,
  { stallSeconds = 5, take = () => true }: { stallSeconds?: number; take?: (piece: string) => boolean } = {},
) {
  const pieces: string[] = [];
  const reply = await testStream(
    { url },
    TOKEN,
    stallSeconds,
    nothing,
  )("green", QUESTION, (bytes, seconds) => {
    expect(seconds).toBeGreaterThan(0);
    const piece = new TextDecoder().decode(bytes);
    pieces.push(piece);
    return take(piece);
  });
  return { ...reply, pieces };
}

describe("the test route's streams", () => {
  test("are asked for by the two headers, and handed over piece by piece as they come", async () => {
    const seen: unknown[] = [];
    let send = (_piece: string) => {};
    const url = await serving(async (request, response) => {
      const { method, url: path, headers } = request;
      seen.push([
        method,
        path,
        headers["x-slot"],
        headers["x-slot-token"],
        headers.accept,
        await text(request),
      ]);
      response.writeHead(200, EVENTS);
      send = (piece) => (piece === "end" ? response.end() : response.write(piece));
      send("data: a\n\n");
    });
    // The second piece is not sent before the first has arrived.
    const next = new Map([
      ["data: a\n\n", "data: b\n\n"],
      ["data: b\n\n", "end"],
    ]);
    const take = (piece: string) => {
      send(next.get(piece) ?? "end");
      return true;
    };
    const { pieces, ...reply } = await streamed(url, { take });
    expect(pieces).toEqual(["data: a\n\n", "data: b\n\n"]);
    expect(reply).toMatchObject({ status: 200, contentType: "text/event-stream", end: "closed" });
    expect(seen).toEqual([
      ["POST", "/v1/chat/completions", "green", TOKEN, "text/event-stream", '{"stream":true}'],
    ]);
  });

  test("have stalled when nothing more comes", async () => {
    const url = await serving((_request, response) => response.writeHead(200, EVENTS).write("data: a\n\n"));
    expect(await streamed(url, { stallSeconds: 1 })).toMatchObject({
      status: 200,
      end: "stalled",
      pieces: ["data: a\n\n"],
      text: "nothing came for 1 s",
    });
  });

  test("that never begin are no answer", async () => {
    const url = await serving(() => {});
    expect(await streamed(url, { stallSeconds: 0.1 })).toMatchObject({ status: 0, end: "stalled" });
  });

  test("are broken when their connection is", async () => {
    const url = await serving((_request, response) => {
      response.writeHead(200, EVENTS).write("data: a\n\n");
    });
    const take = () => {
      closers.splice(0).forEach((close) => close());
      return true;
    };
    expect(await streamed(url, { take })).toMatchObject({ status: 200, end: "broken" });
  });

  test("are left when nobody wants more of them", async () => {
    let hasLeft = () => {};
    const left = new Promise<void>((resolve) => {
      hasLeft = resolve;
    });
    const url = await serving((_request, response) => {
      response.on("close", hasLeft);
      response.writeHead(200, EVENTS).write("data: a\n\n");
    });
    expect(await streamed(url, { take: () => false })).toMatchObject({
      end: "left",
      pieces: ["data: a\n\n"],
    });
    await left;
  });

  test("that are none say what was answered", async () => {
    const url = await serving((_request, response) => {
      response.writeHead(501, { "content-type": "application/json" }).end('{"error":"no streams"}');
    });
    expect(await streamed(url)).toMatchObject({
      status: 501,
      contentType: "application/json",
      end: "closed",
      text: '{"error":"no streams"}',
    });
  });
});
