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
