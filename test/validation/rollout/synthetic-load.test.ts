import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Address } from "../../../validation/stack/way-in.ts";
import { syntheticRequests } from "../../../validation/adapters/synthetic-requests.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { startLoad } from "../../../validation/rollout/synthetic-load.ts";
import { candidateReady, oneModel } from "../support/samples.ts";
import { World } from "../support/world.ts";

const nothing = () => {};
const SUITE = { suite: { goldenSet: "golden.jsonl" } };
const POLICY = { requestsPerMinute: 120 };
const OPTIONS = { pollMs: 10_000, skipTests: true };
const world = (policy: object = { syntheticLoad: POLICY }) =>
  new World({ ...candidateReady(), rollout: { ...candidateReady().rollout, ...policy }, ...SUITE });

/** A clock whose sleeps end only when the test moves it. */
function steppedClock() {
  let nowMs = 0;
  let wake: (() => void)[] = [];
  return {
    now: () => nowMs,
    sleep: () => new Promise<void>((resolve) => wake.push(resolve)),
    async advance(ms: number) {
      nowMs += ms;
      const woken = wake;
      wake = [];
      for (const one of woken) one();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe("the synthetic load", () => {
  test("sends at its rate in the cloud's minutes, whatever was answered", async () => {
    const clock = steppedClock();
    const load = startLoad(clock, 120, async () => true);
    for (let second = 0; second < 30; second += 1) await clock.advance(1_000);
    expect(load.count()).toEqual({ sent: 60, failed: 0 });
    await load.stop();
    await clock.advance(60_000);
    expect(load.count().sent).toBe(60);
  });

  test("leaves out what it could not send in time, instead of a burst", async () => {
    const clock = steppedClock();
    const load = startLoad(clock, 60_000, () => new Promise(() => {}));
    await clock.advance(10_000);
    expect(load.count().sent).toBe(200);
    await clock.advance(1_000);
    expect(load.count().sent).toBe(200);
  });

  test("counts what was not answered well, and waits for the last answers when it stops", async () => {
    const clock = steppedClock();
    let answer: (good: boolean) => void = () => {};
    const load = startLoad(clock, 60, () => new Promise((resolve) => (answer = resolve)));
    await clock.advance(1_000);
    const stopped = load.stop();
    answer(false);
    await stopped;
    expect(load.count()).toEqual({ sent: 1, failed: 1 });
  });
});

describe("a rollout with a synthetic load", () => {
  test("sends from the first share to its end, and names the requests apart from users", async () => {
    const one = world();
    const opened: unknown[] = [];
    const states = new Set<string | undefined>();
    const openSynthetic = async ({ rollout: { syntheticLoad }, suite }: StackConfig, { url }: Address) => {
      opened.push({ syntheticLoad, goldenSet: suite.goldenSet, url });
      return async () => {
        states.add(one.config.release?.state);
        return true;
      };
    };
    const done = await rollout(one.context(), { ...OPTIONS, openSynthetic });
    const wanted = { syntheticLoad: POLICY, goldenSet: "golden.jsonl", url: "http://127.0.0.1:1" };
    expect(opened).toEqual([wanted]);
    expect(done).toMatchObject({ result: "promoted", synthetic: { failed: 0 } });
    expect(done.synthetic?.sent).toBeGreaterThan(100);
    expect(states).not.toContain("deployed");
    const looks = one.events.flatMap((event) => (event.kind === "checked" ? [event] : []));
    const told = looks.at(-1)?.assessments.map(({ answer }) => answer.reason);
    expect(told).toContainEqual(expect.stringMatching(/^\d+ synthetic requests sent .*; they are no users$/));
    expect(told).toContainEqual(
      expect.stringMatching(/^\d+ requests, synthetic ones among them, 100 needed$/),
    );
  });

  test("sends nothing unless the policy asks for it", async () => {
    const one = world({});
    const openSynthetic = () => Promise.reject(new Error("nobody asked"));
    const done = await rollout(one.context(), { ...OPTIONS, openSynthetic });
    expect(done).toMatchObject({ result: "promoted", synthetic: undefined });
    expect(JSON.stringify(one.events)).not.toContain("synthetic");
  });

  test("is refused before its first user when the golden set cannot be read", async () => {
    const one = world();
    const openSynthetic = syntheticRequests(join(tmpdir(), "no-such-directory"), nothing);
    const refused = rollout(one.context(), { ...OPTIONS, openSynthetic });
    await expect(refused).rejects.toMatchObject({ code: "BG181", exitCode: 64 });
    expect(one.updates).toBe(0);
  });
});

describe("a synthetic request", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "bluegreen-golden-"));
    await writeFile(join(root, "golden.jsonl"), `{"features":[1],"label":4}\n{"features":[2],"label":5}\n\n`);
    await writeFile(join(root, "broken.jsonl"), `{"features":[1]}\n[1]\n`);
    await writeFile(join(root, "empty.jsonl"), "\n");
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const config = (suite: object) =>
    new World({ ...oneModel(), suite, service: { servingProtocol: "bluegreen" } }).config;

  test("is a line of the golden set without its label, marked as ours", async () => {
    const seen: unknown[] = [];
    const statuses = [200, 400, 503];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        if (request.method === "GET") return void response.end(`{"modelVersion":"1"}`);
        const { "x-synthetic": mark, "user-agent": agent } = request.headers;
        seen.push({ to: `${request.method} ${request.url}`, mark, agent, body });
        response.writeHead(statuses[seen.length - 1] ?? 200).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    // A listening TCP server has a socket address.
    const { port } = server.address() as AddressInfo;
    const asked = config({ goldenSet: "golden.jsonl", predictPath: "/v2/infer" });
    const send = await syntheticRequests(root, nothing)(asked, { url: `http://127.0.0.1:${port}` });
    expect([await send(), await send(), await send()]).toEqual([true, false, false]);
    const common = { to: "POST /v2/infer", mark: "true", agent: "bluegreen-synthetic" };
    const bodies = [`{"features":[1]}`, `{"features":[2]}`, `{"features":[1]}`];
    expect(seen).toEqual(bodies.map((body) => ({ ...common, body })));
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    expect(await send()).toBe(false);
  });

  test("is asked in the other slot's way, too, where the slots speak two protocols", async () => {
    const predictions: string[] = [];
    const pages: Readonly<Record<string, string>> = {
      "/v1/models": '{"models":["digits"]}',
      "/v1/models/digits": '{"name":"digits","ready":true}',
    };
    // Blue is a Flask service, and green KServe's server, which has all users now.
    const server = createServer((request, response) => {
      const { url = "", method, headers } = request;
      const slot = headers["x-slot"] ?? (predictions.length === 0 ? "blue" : "green");
      const isPrediction = method === "POST" && headers["x-synthetic"] !== undefined;
      if (isPrediction) predictions.push(`${slot} ${url}`);
      const found = slot === "blue" ? (url === "/predict" ? '{"prediction":4}' : undefined) : pages[url];
      const answer = slot === "green" && url.endsWith(":predict") ? '{"predictions":[4]}' : found;
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    // A listening TCP server has a socket address.
    const { port } = server.address() as AddressInfo;
    const two = new World({
      ...candidateReady(),
      testToken: "t".repeat(32),
      suite: { goldenSet: "golden.jsonl" },
      service: { servingProtocol: "flask", testCidrs: ["192.0.2.0/24"] },
      green: { ...candidateReady().green, service: { servingProtocol: "kserve-v1" } },
    }).config;
    const send = await syntheticRequests(root, nothing)(two, { url: `http://127.0.0.1:${port}` });
    expect(await send()).toBe(true);
    expect(predictions.slice(1)).toEqual(["green /predict", "green /v1/models/digits:predict"]);
    server.closeAllConnections();
    server.close();
  });

  test.each(["broken.jsonl", "empty.jsonl", "missing.jsonl"])("is refused from %s", async (goldenSet) => {
    const opened = syntheticRequests(root, nothing)(config({ goldenSet }), { url: "http://127.0.0.1:1" });
    await expect(opened).rejects.toMatchObject({ code: "BG181" });
  });
});
