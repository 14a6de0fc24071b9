import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { testRoute, testTools } from "../../../validation/adapters/test-route.ts";
import { testStream } from "../../../validation/adapters/test-stream.ts";

const nothing = () => {};
const TOKEN = "t".repeat(32);
const closers: (() => void)[] = [];
afterEach(() => vi.unstubAllEnvs());
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

describe("the test route", () => {
  test("asks for a slot by the two headers, with the body as it was given", async () => {
    const seen: unknown[] = [];
    const url = await serving(async (request, response) => {
      const { method, url: path, headers } = request;
      const body = await text(request);
      seen.push([method, path, headers["x-slot"], headers["x-slot-token"], headers["content-type"], body]);
      response.writeHead(418, { "x-model-version": "7" }).end("short and stout");
    });
    const ask = testRoute({ url }, TOKEN, 5, nothing);
    const reply = await ask("green", { method: "POST", path: "/predict", body: '{"a":1}' });
    expect(reply).toMatchObject({ status: 418, seconds: expect.any(Number), text: "short and stout" });
    expect([reply.header?.("X-Model-Version"), reply.header?.("x-none")]).toEqual(["7", undefined]);
    await ask("blue", { method: "POST", path: "/predict", body: "a=1", contentType: "text/plain" });
    await ask("blue", { method: "GET", path: "/health" });
    expect(seen).toEqual([
      ["POST", "/predict", "green", TOKEN, "application/json", '{"a":1}'],
      ["POST", "/predict", "blue", TOKEN, "text/plain", "a=1"],
      ["GET", "/health", "blue", TOKEN, undefined, ""],
    ]);
  });

  test.each([
    ["begins", () => {}],
    ["ends", (response: ServerResponse) => response.writeHead(200).write("{")],
  ])("gives up on an answer that never %s", async (_what, begin) => {
    const url = await serving((_request, response) => begin(response));
    const reply = await testRoute({ url }, TOKEN, 0.1, nothing)("green", { method: "GET", path: "/health" });
    expect(reply).toMatchObject({ status: 0, text: "no answer within 0.1 s" });
    expect(reply.seconds).toBeGreaterThan(0.05);
  });

  test("takes a broken connection for no answer, and says what broke", async () => {
    const url = await serving((request) => request.socket.destroy());
    const reply = await testRoute({ url }, TOKEN, 5, nothing)("green", { method: "GET", path: "/health" });
    expect(reply.status).toBe(0);
    expect(reply.text).toMatch(/closed|hang up|ECONNRESET/);
  });

  test("asks with the key that the environment has for the model, and repeats none that is no header's value", async () => {
    const seen: unknown[] = [];
    const url = await serving((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    vi.stubEnv("BLUEGREEN_MODEL_AUTHORIZATION", "Bearer sk-7\n");
    await testRoute({ url }, TOKEN, 5, nothing)("green", { method: "GET", path: "/health" });
    const stream = testStream({ url }, TOKEN, 5, nothing);
    await stream("green", { method: "POST", path: "/predict", body: "{}" }, () => true);
    expect(seen).toEqual(["Bearer sk-7", "Bearer sk-7"]);
    vi.stubEnv("BLUEGREEN_MODEL_AUTHORIZATION", "Bearer\nsk-7");
    const refused = () => testRoute({ url }, TOKEN, 5, nothing);
    expect(refused).toThrow("no header may have");
    expect(refused).not.toThrow("sk-7");
  });

  test("follows no redirect, for the answer would not be the slot's", async () => {
    const url = await serving((_request, response) => response.writeHead(301, { location: "/else" }).end());
    const reply = await testRoute({ url }, TOKEN, 5, nothing)("green", { method: "GET", path: "/health" });
    expect(reply.status).toBe(301);
  });

  test("comes with the files of the project", async () => {
    const { readFile } = testTools(import.meta.dirname, nothing);
    expect(await readFile("test-route.test.ts")).toContain("comes with the files of the project");
    await expect(readFile("nowhere.jsonl")).rejects.toThrow("ENOENT");
  });
});
