import { text } from "node:stream/consumers";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { inTurn, json, pairOf } from "../support/pair.ts";
import { ask, until } from "../support/running.ts";

describe("the shadow of a request", () => {
  it("goes to the candidate's test rule and to the own model again, after the user has the answer", async () => {
    const seen: { headers: IncomingHttpHeaders; body: string; url: string | undefined }[] = [];
    const keep: RequestListener = async (req, res) => {
      seen.push({ headers: req.headers, body: await text(req), url: req.url });
      json({ label: 4 })(req, res);
    };
    const { ask, shadows, lines } = await pairOf(keep, keep);
    const headers = {
      "content-type": "application/json",
      "x-request-id": "r-1",
      "x-forwarded-for": "203.0.113.9",
    };
    const answered = await ask("/predict?a=1", { body: '{"x": 1}', headers });
    expect(answered.body).toBe('{"label":4}');
    expect(seen).toHaveLength(3);
    expect(seen.every(({ body, url }) => body === '{"x": 1}' && url === "/predict?a=1")).toBe(true);
    const toCandidate = seen.filter((one) => one.headers["x-slot"] === "green");
    expect(toCandidate).toHaveLength(1);
    expect(toCandidate[0]?.headers).toMatchObject({
      "x-slot-token": "secret-token",
      "content-type": "application/json",
    });
    expect(toCandidate[0]?.headers).not.toHaveProperty("x-forwarded-for");
    expect(shadows()).toEqual([
      {
        requestId: "r-1",
        candidate: { status: 200, ms: expect.any(Number), same: true },
        again: { same: true },
      },
    ]);
    expect(lines.join()).not.toContain("secret-token");
  });

  it("fills the table of four: both, only the candidate, only the second answer, neither", async () => {
    const { ask, countsOfMinute } = await pairOf(
      // The user's answer, then the second one, four times.
      inTurn(1, 1, 1, 1, 1, 2, 1, 2),
      inTurn(1, 2, 1, 2),
    );
    for (let at = 0; at < 4; at += 1) await ask();
    expect(countsOfMinute()[0]).toMatchObject({
      ShadowPairs: 4,
      ShadowDisagreed: 2,
      ShadowSelfDisagreed: 2,
      ShadowBothDisagreed: 1,
      ShadowRequests: 4,
      ShadowFailed: 0,
      ShadowSampled: 4,
      ShadowDropped: 0,
    });
  });

  it("overlooks who answered and the last digits of numbers, and takes texts exactly", async () => {
    const { ask, shadows } = await pairOf(
      inTurn({ id: 1, model_version: "7", p: 0.3, label: "cat" }),
      inTurn(
        { id: 2, model_version: "8", p: 0.300_000_01, label: "cat" },
        { id: 2, model_version: "8", p: 0.31, label: "cat" },
        { id: 2, model_version: "8", p: 0.3, label: "Cat" },
      ),
    );
    for (let at = 0; at < 3; at += 1) await ask();
    expect(shadows()).toMatchObject([
      { candidate: { same: true } },
      { candidate: { same: false } },
      { candidate: { same: false } },
    ]);
  });

  it("compares what the pointers point at alone, within the tolerance", async () => {
    const { ask, shadows } = await pairOf(
      inTurn({ outputs: [{ data: [1, 2] }], ms: 5 }),
      inTurn({ outputs: [{ data: [1, 2.1] }], ms: 9 }, { outputs: [{ data: [1, 3] }], ms: 5 }),
      { prediction: ["/outputs/0/data"], tolerance: 0.1 },
    );
    for (let at = 0; at < 2; at += 1) await ask();
    expect(shadows()).toMatchObject([{ candidate: { same: true } }, { candidate: { same: false } }]);
  });

  it("compares what streams say, and not how it was cut into pieces", async () => {
    const stream =
      (...parts: readonly string[]): RequestListener =>
      (_, res) => {
        res.writeHead(200, { "content-type": "text/event-stream" });
        for (const part of parts) {
          res.write(
            `data: ${JSON.stringify({ id: Math.random(), choices: [{ delta: { content: part }, finish_reason: null }] })}\n\n`,
          );
        }
        res.end("data: [DONE]\n\n");
      };
    const { ask, shadows } = await pairOf(stream("Hel", "lo"), stream("Hello"));
    await ask();
    expect(shadows()).toMatchObject([{ candidate: { same: true }, again: { same: true } }]);
  });

  it.each([
    ["answers 500", ((_, res) => res.writeHead(500).end("no")) as RequestListener],
    ["breaks off", ((req) => req.socket.destroy()) as RequestListener],
    ["does not answer in time", (() => {}) as RequestListener],
  ])("counts a candidate that %s as failed, and the pair as none", async (_, candidate) => {
    const { ask, countsOfMinute } = await pairOf(json(1), candidate, { timeoutSeconds: 0.2 });
    expect((await ask()).status).toBe(200);
    const [line] = countsOfMinute();
    expect(line).toMatchObject({ ShadowRequests: 1, ShadowFailed: 1 });
    expect(line).not.toHaveProperty("ShadowPairs");
  });

  it("counts what the active model did not answer the second time either by itself", async () => {
    let asked = 0;
    const { ask, countsOfMinute } = await pairOf(
      // The user's answer, then the second one.
      (req, res) => ((asked += 1) === 1 ? json(1)(req, res) : res.writeHead(500).end("no")),
      (_, res) => res.writeHead(500).end("no"),
    );
    await ask();
    expect(countsOfMinute()[0]).toMatchObject({ ShadowRequests: 1, ShadowFailed: 1, ShadowBothFailed: 1 });
  });

  it("is a disagreement where the candidate refuses what the active model took", async () => {
    const { ask, countsOfMinute } = await pairOf(json(1), (_, res) => res.writeHead(422).end("no"));
    await ask();
    expect(countsOfMinute()[0]).toMatchObject({ ShadowPairs: 1, ShadowDisagreed: 1, ShadowFailed: 0 });
  });

  it("asks the own model with the headers of the user, and the candidate with the load balancer's", async () => {
    const asked: { own: IncomingHttpHeaders[]; candidate: IncomingHttpHeaders[] } = {
      own: [],
      candidate: [],
    };
    const { ask } = await pairOf(
      (req, res) => {
        asked.own.push(req.headers);
        json(1)(req, res);
      },
      (req, res) => {
        asked.candidate.push(req.headers);
        json(1)(req, res);
      },
    );
    const ofTheWay = {
      host: "shop.example.com",
      "x-forwarded-for": "203.0.113.9",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      "x-amzn-trace-id": "Root=1-2-3",
    };
    const ofAConnection = { connection: "keep-alive, x-hop", "x-hop": "1", expect: "100-continue" };
    await ask("/predict", { body: "{}", headers: { ...ofTheWay, ...ofAConnection } });
    const [first, again] = asked.own;
    expect(first).toMatchObject(ofTheWay);
    expect(again).toMatchObject({ ...ofTheWay, "content-length": "2" });
    for (const name of ["x-hop", "expect"]) expect(again).not.toHaveProperty(name);
    const [candidate] = asked.candidate;
    expect(candidate?.host).toMatch(/^127\.0\.0\.1:/);
    for (const name of Object.keys(ofTheWay).slice(1)) expect(candidate).not.toHaveProperty(name);
  });

  it.each([301, 400, 429])(
    "is compared with nothing where the own model answers %i the second time",
    async (status) => {
      let asked = 0;
      const { ask, shadows, lines, countsOfMinute } = await pairOf(
        (req, res) => ((asked += 1) % 2 === 1 ? json(1)(req, res) : res.writeHead(status).end()),
        // A failure and a disagreement of the candidate: neither has anything beside it.
        (req, res) => (asked > 2 ? json(2)(req, res) : res.writeHead(500).end()),
      );
      for (let at = 0; at < 2; at += 1) await ask();
      expect(shadows()).toMatchObject([{ again: { failed: `HTTP ${status}` } }, { again: {} }]);
      expect(shadows()[1]).not.toHaveProperty("candidate.same");
      expect(
        lines.filter((line) => line.startsWith("agent:") && line.includes(`HTTP ${status}`)),
      ).toHaveLength(1);
      const [line] = countsOfMinute();
      expect(line).toMatchObject({ ShadowSampled: 2, ShadowRefusedAgain: 2 });
      expect(line).not.toHaveProperty("ShadowPairs");
      expect(line).not.toHaveProperty("ShadowRequests");
    },
  );

  it("is sent for declared methods and paths alone, and for no failed answer", async () => {
    let shadows = 0;
    const { port, ask: once } = await pairOf(
      (req, res) => (req.headers["x-fail"] === undefined ? json(1)(req, res) : res.writeHead(500).end()),
      (req, res) => {
        shadows += 1;
        json(1)(req, res);
      },
    );
    await ask(port, "/train", { body: "{}" });
    await ask(port, "/predict", { method: "DELETE" });
    await ask(port, "/predict", { body: "{}", headers: { "x-fail": "1" } });
    await ask(port, "/predict", { body: "x".repeat(100_000) });
    await once();
    expect(shadows).toBe(1);
  });

  it("of what is too large is not sent, and its lines of counts and its log say so", async () => {
    const {
      port,
      lines,
      ask: once,
      countsOfMinute,
    } = await pairOf(
      (req, res) => json(req.headers["x-long"] === undefined ? 1 : "y".repeat(300))(req, res),
      json(1),
      { maxBytes: 200 },
    );
    await ask(port, "/predict", { body: "x".repeat(201) });
    await ask(port, "/predict", { body: "{}", headers: { "x-long": "1" } });
    await once();
    expect(countsOfMinute()[0]).toMatchObject({ ShadowPairs: 1, ShadowSampled: 1, ShadowTooLarge: 2 });
    expect(lines.filter((line) => line.includes("longer than shadow.maxBytes (200)"))).toHaveLength(1);
  });

  it("overlooks the names of two models, and what an answer cost", async () => {
    const named = (name: string, tokens: number) =>
      json({ model: name, model_name: name, usage: { total_tokens: tokens }, choices: [{ text: "yes" }] });
    const { ask, shadows } = await pairOf(named("shop-7", 12), named("shop-8", 14));
    await ask();
    expect(shadows()).toMatchObject([{ candidate: { same: true } }]);
  });

  it("is dropped where too many wait, and no user waits for it", async () => {
    const { port, countsOfMinute } = await pairOf(json(1), () => {}, { queue: 2 });
    for (let at = 0; at < 5; at += 1) expect((await ask(port, "/predict", { body: "{}" })).status).toBe(200);
    // One is asked, two wait.
    expect(countsOfMinute()[0]).toMatchObject({ ShadowSampled: 5, ShadowDropped: 2 });
  });

  it.each([
    [
      "the load balancer says that the idle slot is empty",
      { status: 503, headers: { server: "awselb/2.0" } },
    ],
    ["an agent says that it came to another slot", { status: 200, headers: { "x-slot": "blue" } }],
  ])("rests for a minute when %s, and counts nothing", async (_, { status, headers }) => {
    let asked = 0;
    const { port, clock, countsOfMinute } = await pairOf(json(1), (_, res) => {
      asked += 1;
      res.writeHead(status, headers).end("1");
    });
    await ask(port, "/predict", { body: "{}" });
    await until(() => asked === 1);
    await until(() => true);
    for (let at = 0; at < 5; at += 1) await ask(port, "/predict", { body: "{}" });
    expect(asked).toBe(1);
    clock.advance(61_000);
    await ask(port, "/predict", { body: "{}" });
    await until(() => asked === 2);
    const lines = countsOfMinute();
    expect(lines.some((line) => "ShadowRequests" in line || "ShadowPairs" in line)).toBe(false);
  });
});
