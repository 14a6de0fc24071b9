import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isSampled } from "../../../agent/front/request-id.ts";
import { ask, startAgentFor, startModel } from "../support/running.ts";

const ANSWER = { outputs: [{ data: [4] }], user: { email: "a@example.com" } };
const INPUT = { inputs: [1, 2], user: { email: "a@example.com", plan: "free" } };

async function captured(
  capture: Readonly<Record<string, unknown>>,
  body: string = JSON.stringify(INPUT),
  isPacked = false,
) {
  const model = await startModel((_, res) => {
    const text = JSON.stringify(ANSWER);
    if (isPacked) res.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
    else res.end(text);
  });
  const running = await startAgentFor(model.port, { front: {}, capture: { sample: 100, ...capture } });
  await ask(running.port, "/predict", { body, headers: { "x-request-id": "r-1" } });
  return { ...running, line: running.predictions()[0] };
}

describe("the prediction log", () => {
  it("says whose answer it was, and of the input nothing but its digest", async () => {
    const { line, lines } = await captured({});
    expect(line).toEqual({
      requestId: "r-1",
      slot: "blue",
      version: "7",
      at: "2026-01-01T00:00:15.000Z",
      latencyMs: 0,
      status: 200,
      inputBytes: JSON.stringify(INPUT).length,
      digest: `sha256:${createHash("sha256").update(JSON.stringify(INPUT)).digest("hex")}`,
      answer: ANSWER,
    });
    expect(lines.join()).not.toContain("free");
  });

  it("has the input where that is asked for, without what is redacted; so has the answer", async () => {
    const { line, lines } = await captured({
      fields: ["input", "digest", "answer"],
      redact: ["/user/email"],
    });
    expect(line).toMatchObject({
      input: { inputs: [1, 2], user: { plan: "free" } },
      answer: { outputs: [{ data: [4] }], user: {} },
      digest: `sha256:${createHash("sha256")
        .update(JSON.stringify({ inputs: [1, 2], user: { plan: "free" } }))
        .digest("hex")}`,
    });
    expect(lines.join()).not.toContain("example.com");
  });

  it("redacts in every member of a list, and what is packed, too", async () => {
    const body = JSON.stringify({
      rows: [
        { name: "a", x: 1 },
        { name: "b", x: 2 },
      ],
    });
    const { line } = await captured(
      { fields: ["input", "answer"], redact: ["/rows/*/name", "/user"] },
      body,
      true,
    );
    expect(line).toMatchObject({
      input: { rows: [{ x: 1 }, { x: 2 }] },
      answer: { outputs: [{ data: [4] }] },
    });
  });

  it("writes nothing of a body that is too long, or in which nothing can be redacted", async () => {
    const long = await captured({ fields: ["input", "digest"], maxBytes: 10 });
    expect(long.line).not.toHaveProperty("input");
    expect(long.line).not.toHaveProperty("digest");
    const text = await captured({ fields: ["input", "digest"], redact: ["/user"] }, "user: a@example.com");
    expect(text.lines.join()).not.toContain("example.com");
    expect(text.line).not.toHaveProperty("digest");
  });

  it("has beside the input what it takes to ask again, and no query where something is redacted", async () => {
    const asked = async (redact: readonly string[]) => {
      const model = await startModel((_, res) => res.end("{}"));
      const { port, predictions } = await startAgentFor(model.port, {
        front: {},
        capture: { sample: 100, fields: ["input"], redact },
      });
      const headers = { "content-type": "text/csv" };
      await ask(port, "/v2/models/a/infer?user=7", { method: "PUT", body: '"1,2"', headers });
      return predictions()[0];
    };
    const same = { method: "PUT", contentType: "text/csv", input: "1,2" };
    expect(await asked([])).toMatchObject({ ...same, path: "/v2/models/a/infer?user=7" });
    expect(await asked(["/email"])).toMatchObject({ ...same, path: "/v2/models/a/infer" });
    expect((await captured({})).line).not.toHaveProperty("path");
  });

  it("says the segments that a header or the input has, as short texts alone", async () => {
    const segment = {
      plan: "/user/plan",
      first: "/inputs/0",
      id: "X-Request-Id",
      none: "/user",
      long: "/long",
    };
    const body = JSON.stringify({ ...INPUT, long: "x".repeat(65) });
    const { line } = await captured({ segment }, body);
    expect(line).toMatchObject({ segment: { plan: "free", first: "1", id: "r-1" } });
    expect(Object.keys(Object(Object(line).segment))).toHaveLength(3);
    expect((await captured({ segment: { none: "/user" } })).line).not.toHaveProperty("segment");
  });

  it("has no line that a container's log would cut: it goes without the input, then without the answer", async () => {
    const withBodies = async (input: number, answer: number) => {
      // Each of its quotes takes two bytes in a line, and no bound of a body knows of that.
      const text = (bytes: number) => JSON.stringify('"'.repeat(bytes / 2));
      const model = await startModel((_, res) => res.end(text(answer)));
      const { port, predictions, lines } = await startAgentFor(model.port, {
        front: {},
        capture: { sample: 100, maxBytes: 16_000, fields: ["input", "digest", "answer"] },
      });
      await ask(port, "/predict", { body: text(input) });
      for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThan(16_384);
      return Object.keys(Object(predictions()[0]));
    };
    expect(await withBodies(6000, 6000)).toEqual(expect.arrayContaining(["input", "digest", "answer"]));
    const withoutInput = await withBodies(10_000, 8000);
    expect(withoutInput).toEqual(expect.arrayContaining(["digest", "answer"]));
    expect(withoutInput).not.toContain("input");
  });

  it("has the answer alone left out where that is what is too long", async () => {
    const model = await startModel((_, res) => res.end("é".repeat(8100)));
    const { port, predictions } = await startAgentFor(model.port, {
      front: {},
      capture: { sample: 100, maxBytes: 65_536 },
    });
    await ask(port, "/predict", { body: "{}" });
    expect(predictions()[0]).toHaveProperty("digest");
    expect(predictions()[0]).not.toHaveProperty("answer");
  });

  describe("beside a shadow", () => {
    // Nobody listens there: what is kept for the shadow is what matters here.
    const beside = async (capture: object, shadow: object, body: string) => {
      const model = await startModel((req, res) => {
        res.setHeader("content-type", "application/json");
        req.pipe(res);
      });
      const settings = { url: "http://127.0.0.1:1", sample: 100, paths: ["/predict"], ...shadow };
      const running = await startAgentFor(model.port, {
        front: {},
        capture: { sample: 100, fields: ["input", "digest", "answer"], ...capture },
        shadow: settings,
      });
      await ask(running.port, "/predict", { body });
      return { line: running.predictions()[0], counts: running.countsOfMinute()[0] };
    };
    const body = JSON.stringify("x".repeat(100));

    it("has its own bound: what is longer is shadowed and not written", async () => {
      const { line, counts } = await beside({ maxBytes: 50 }, {}, body);
      expect(line).toMatchObject({ inputBytes: body.length });
      for (const field of ["input", "digest", "answer"]) expect(line).not.toHaveProperty(field);
      expect(counts).toMatchObject({ ShadowSampled: 1 });
    });

    it("leaves the shadow its own: what is longer is written and not shadowed", async () => {
      const { line, counts } = await beside({}, { maxBytes: 50 }, body);
      expect(line).toMatchObject({ input: "x".repeat(100), answer: "x".repeat(100) });
      expect(counts).not.toHaveProperty("ShadowSampled");
    });

    it("unpacks no more than its own bound lets it", async () => {
      const model = await startModel((_, res) => {
        res.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(JSON.stringify("x".repeat(1000))));
      });
      const { port, predictions } = await startAgentFor(model.port, {
        front: {},
        capture: { sample: 100, maxBytes: 100, fields: ["answer"] },
        shadow: { url: "http://127.0.0.1:1", sample: 100, paths: ["/predict"] },
      });
      await ask(port, "/predict", { body: "{}" });
      expect(predictions()[0]).not.toHaveProperty("answer");
    });
  });

  it("picks the same requests in both slots, as many as asked", () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `request-${at}`);
    const picked = ids.filter((id) => isSampled(id, 10));
    expect(picked.length).toBeGreaterThan(900);
    expect(picked.length).toBeLessThan(1100);
    expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
    expect(ids.filter((id) => isSampled(id, 100))).toHaveLength(10_000);
    // Whoever is in a small sample is in a greater one.
    expect(picked.every((id) => isSampled(id, 20))).toBe(true);
  });

  it("has no line of a path that is not named, of a health check, or of a test's request", async () => {
    const { port, predictions } = await captured({ paths: ["/predict"] });
    await ask(port, "/other", { body: "{}" });
    await ask(port, "/predict", { body: "{}", headers: { "user-agent": "ELB-HealthChecker/2.0" } });
    await ask(port, "/predict", { body: "{}", headers: { "x-slot": "blue" } });
    expect(predictions()).toHaveLength(1);
  });
});
