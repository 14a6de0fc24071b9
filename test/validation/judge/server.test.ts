import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ACTIVE, CANDIDATE, pairWorld, type PairWorld } from "../../../tools/bench/judge/pair-world.ts";
import { harm } from "../../../tools/bench/decision/worlds/release-world.ts";
import { judgeServer } from "../../../validation/adapters/judge/server.ts";
import { httpJudge } from "../../../validation/judge/http-answers.ts";

const TOKEN = "a".repeat(32);
const BEARER = { authorization: `Bearer ${TOKEN}` };
const QUESTION = { candidate: CANDIDATE, active: ACTIVE };

let world: PairWorld;
let server: Server;
let base: string;

async function start(given: Readonly<Record<string, unknown>> = {}) {
  server = judgeServer({ answer: httpJudge(world, given), token: TOKEN, log: () => {} });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
const post = async (path: string, body: unknown, headers: Record<string, string> = BEARER) => {
  const response = await fetch(`${base}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const answered: unknown = await response.json();
  return { status: response.status, body: answered };
};
const flagger = async (hook: string, checksum = "1") => {
  const metadata = { question: JSON.stringify(QUESTION) };
  const call = { name: "fraud", namespace: "shop", phase: "Progressing", checksum, metadata };
  return (await post(`/flagger/${hook}`, call)).status;
};
const pass = (minutes: number, share: number) => {
  for (let minute = 0; minute < minutes; minute++) world.pass(share);
};

beforeEach(async () => {
  world = pairWorld({ kind: "counted", harm: undefined }, 3, 1);
  await start();
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

it("opens to the token alone, as a bearer or as the password of an address; /healthz is open", async () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`judge:${password}`).toString("base64")}`,
  });
  const statuses = [];
  for (const headers of [{}, { authorization: "Bearer wrong" }, basic("wrong"), basic(TOKEN), BEARER]) {
    statuses.push((await post("/verdict", QUESTION, headers)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 200, 200]);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
});

it("says what is wrong with a question, with the code of the error", async () => {
  expect(await post("/verdict", { candidate: CANDIDATE })).toMatchObject({
    status: 400,
    body: { error: { code: "BG205" } },
  });
  const large = await post("/verdict", { ...QUESTION, more: "x".repeat(70_000) });
  expect(large).toMatchObject({ status: 400, body: { error: expect.stringContaining("65536 bytes") } });
  expect((await post("/other", QUESTION)).status).toBe(404);
});

it("takes the question of a GET from its address, and what it leaves out from the file", async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  await start({ ...QUESTION, policy: { minRequests: 1_000_000 } });
  pass(40, 10);
  const asked = encodeURIComponent(JSON.stringify({ share: 10 }));
  const response = await fetch(`${base}/verdict?question=${asked}`, { headers: BEARER });
  expect(await response.json()).toMatchObject({ verdict: "wait", share: 10 });
});

it("answers 200 with a verdict where CloudWatch cannot be read: no Error of a metric, which would abort", async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  world = pairWorld({ kind: "unreadable" }, 3, 1);
  await start();
  expect(await post("/verdict", QUESTION)).toMatchObject({ status: 200, body: { verdict: "wait" } });
});

it("gives a canary of Flagger its first users only after its hook of weight 0, and once", async () => {
  expect(await flagger("confirm-traffic-increase")).toBe(409);
  expect(await flagger("pre-rollout")).toBe(200);
  expect(await flagger("confirm-traffic-increase", "another revision")).toBe(409);
  expect(await flagger("rollback")).toBe(409);
  expect(await flagger("confirm-traffic-increase")).toBe(200);
  pass(3, 10);
  expect(await flagger("confirm-traffic-increase")).toBe(409);
});

it("each yes begins a step, which is judged by itself", async () => {
  pass(40, 10);
  expect([await flagger("confirm-traffic-increase"), await flagger("confirm-traffic-increase")]).toEqual([
    200, 409,
  ]);
});

it("tells Flagger to roll back a bad canary, and to do nothing else with it", async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  world = pairWorld({ kind: "counted", harm: harm(0.2) }, 3, 1);
  await start();
  pass(20, 10);
  expect([await flagger("rollback"), await flagger("confirm-traffic-increase")]).toEqual([200, 409]);
  expect((await post("/flagger/rollback", { name: "fraud" })).status).toBe(400);
  expect(await flagger("confirm-rollout")).toBe(404);
  // The next revision in the same group begins anew.
  expect([await flagger("pre-rollout", "2"), await flagger("confirm-traffic-increase", "2")]).toEqual([
    200, 200,
  ]);
  pass(2, 10);
  expect(await flagger("rollback", "2")).toBe(409);
});

it("does not roll back the next canary for what the one before it did, before it has a user", async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
  world = pairWorld({ kind: "counted", harm: harm(0.2) }, 3, 1);
  await start();
  expect([await flagger("pre-rollout", "1"), await flagger("confirm-traffic-increase", "1")]).toEqual([
    200, 200,
  ]);
  pass(20, 10);
  expect(await flagger("rollback", "1")).toBe(200);
  pass(180, 0);
  // Flagger asks its rollback hooks first, in every interval.
  expect(await flagger("rollback", "2")).toBe(409);
  expect(await flagger("pre-rollout", "2")).toBe(200);
  expect(await flagger("rollback", "2")).toBe(409);
  expect(await flagger("confirm-traffic-increase", "2")).toBe(200);
});

it.each(["//", "//[", "http://a:99999/", "*"])(
  "answers 400 to a target that is no path: %s",
  async (target) => {
    const { port } = new URL(base);
    const socket = connect(Number(port), "127.0.0.1");
    socket.end(`GET ${target} HTTP/1.1\r\nHost: judge\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 (400|401) /);
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
  },
);
