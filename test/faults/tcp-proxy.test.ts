import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  response.end("42");
});
let proxy: TcpProxy;
const ask = () => fetch(`http://127.0.0.1:${proxy.port}/`, { headers: { connection: "close" } });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  proxy = await openTcpProxy((server.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.close();
  server.close();
});

it("carries requests and answers", async () => {
  expect(await (await ask()).text()).toBe("42");
});

it("takes its time on each way", async () => {
  const fromMs = performance.now();
  proxy.delayBy(50);
  await (await ask()).text();
  proxy.delayBy(0);
  expect(performance.now() - fromMs).toBeGreaterThan(99);
});

it("holds a call back in a partition, and brings it when that is over", async () => {
  const before = asked;
  proxy.block("call", "answer");
  const waiting = ask();
  // Another connection is made, so whatever the first sent has reached the proxy.
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(before);
  proxy.block();
  expect((await waiting).status).toBe(200);
  expect(asked).toBe(before + 1);
});

it("lets a call through and keeps its answer where the connection is half open", async () => {
  proxy.block("answer");
  const waiting = ask();
  await once(server, "request");
  proxy.block();
  expect(await (await waiting).text()).toBe("42");
});

it("breaks connections so that the client knows", async () => {
  proxy.block("answer");
  const broken = ask().then(
    () => "answered",
    (error: unknown) => String(error),
  );
  await once(server, "request");
  proxy.reset();
  expect(await broken).toContain("fetch failed");
  proxy.block();
});
