import { describe, expect, it } from "vitest";
import { ask, startAgentFor, startModel, until } from "../support/running.ts";

const BODY = { body: "{}" };

/** An active slot's agent that shadows every request, and the candidate behind an agent of its own. */
async function pair() {
  let asked = 0;
  const model = await startModel((_, res) => res.end("1"));
  const other = await startModel((_, res) => {
    asked += 1;
    res.end("1");
  });
  const candidate = await startAgentFor(other.port, { front: {} }, { SLOT: "green" });
  const headers = { "x-slot": "SHADOW_SLOT" };
  const shadow = { url: `http://127.0.0.1:${candidate.port}`, headers, sample: 100, paths: ["/predict"] };
  const active = await startAgentFor(model.port, { front: {}, shadow }, { SHADOW_SLOT: "green" });
  return {
    active,
    candidate,
    asked: () => asked,
    /** A user of the active model, and what the candidate is asked for it. */
    async user() {
      const before = asked;
      await ask(active.port, "/predict", BODY);
      await until(() => asked > before);
    },
  };
}

describe("a candidate that has had users", () => {
  it("is shadowed no more: it says so itself, to whoever comes through its test rule", async () => {
    const { active, candidate, asked, user } = await pair();
    await user();
    await until(() => active.shadows().length === 1);
    await ask(candidate.port, "/predict", BODY);
    await user();
    const atMost = asked();
    await until(() => active.lines.some((line) => line.includes("users have come to green")));
    for (let at = 0; at < 5; at += 1) await ask(active.port, "/predict", BODY);
    expect(asked()).toBe(atMost);
    expect(active.shadows()).toHaveLength(1);
    expect(active.countsOfMinute().find((line) => "ShadowPairs" in line)).toMatchObject({ ShadowPairs: 1 });
  });

  it("tells no user of it, and health checks and tests make nobody a user", async () => {
    const { candidate, user } = await pair();
    await ask(candidate.port, "/health", {
      method: "GET",
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
    });
    const test = { body: "{}", headers: { "x-slot": "green" } };
    await user();
    expect((await ask(candidate.port, "/predict", test)).headers).not.toHaveProperty("x-slot-users");
    expect((await ask(candidate.port, "/predict", BODY)).headers).not.toHaveProperty("x-slot-users");
    expect((await ask(candidate.port, "/predict", test)).headers).toHaveProperty("x-slot-users");
  });
});
