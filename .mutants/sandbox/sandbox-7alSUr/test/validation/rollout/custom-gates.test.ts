import { describe, expect, test } from "vitest";
import type { Reading } from "../../../validation/core/observation.ts";
import { promoteNow } from "../../../validation/steering/promote.ts";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const customGates = [{ name: "fairness", command: ["./gate"] }];
const says = (value: unknown) => (): Reading<unknown> => ({ readable: true, value });
const PASS = says({ answer: "pass", reason: "fine" });

function world(raw: ReturnType<typeof candidateReady>, gateSays: () => Reading<unknown>): World {
  const made = new World({ ...raw, rollout: { ...raw.rollout, customGates } });
  made.gateSays = gateSays;
  made.clock.advance(6 * 60_000);
  return made;
}

describe("a gate of the user's own", () => {
  test.each([
    ["lets the release on when it passes", PASS, { exitCode: 0, verdict: { kind: "advance", to: 50 } }, 50],
    [
      "rolls it back when it fails",
      says({ answer: "fail", reason: "parity is 0.6, at least 0.8" }),
      { exitCode: 20, verdict: { kind: "rollback", reasons: ["fairness: parity is 0.6, at least 0.8"] } },
      0,
    ],
    [
      "holds it while it has not seen enough",
      says({ answer: "noAnswer", reason: "12 of 200 labels" }),
      { verdict: { kind: "insufficient" } },
      10,
    ],
    [
      "holds it when it cannot be heard",
      (): Reading<unknown> => ({ readable: false, why: "exit code 1" }),
      { verdict: { kind: "hold", why: "unreadable" } },
      10,
    ],
    ["holds it when it speaks nonsense", says("yes"), { verdict: { kind: "hold", why: "unreadable" } }, 10],
  ])("%s", async (_title, gateSays, expected, green) => {
    const one = world(sharing(10), gateSays);
    expect(await step(one.context(), ONCE)).toMatchObject(expected);
    expect(one.live.green).toBe(green);
  });

  test("gets the release, both slots and what the built-in gates answered", async () => {
    const one = world(sharing(10), PASS);
    await step(one.context(), ONCE);
    expect(one.asked).toHaveLength(1);
    expect(one.asked[0]).toMatchObject({
      gate: "fairness",
      question: {
        stack: "test",
        url: "http://127.0.0.1:1",
        now: "2026-01-01T00:06:00.000Z",
        liveSince: "2026-01-01T00:00:00.000Z",
        release: { id: "v2-g3", state: "running" },
        candidate: { slot: "green", share: 10, modelVersion: "2" },
        active: { slot: "blue", share: 90, modelVersion: "1" },
      },
    });
    expect(JSON.stringify(one.asked[0])).toContain('"gate":"error-rate"');
    expect(JSON.parse(JSON.stringify(one.asked[0]?.question))).toEqual(one.asked[0]?.question);
  });

  test("is not waited for when another gate fails already", async () => {
    const one = world(sharing(10), PASS);
    one.alarmStates.green.cpu = { state: "ALARM", sinceMs: one.clock.now() };
    expect(await step(one.context(), ONCE)).toMatchObject({ exitCode: 20 });
    expect(one.asked).toEqual([]);
  });

  test("is asked only about a candidate with users, and at every share of them", async () => {
    const one = world(candidateReady(), PASS);
    await rollout(one.context(), { pollMs: 30_000, skipTests: true });
    const shares = new Set(
      one.asked.map(({ question }) => JSON.stringify(question).match(/"share":(\d+)/)?.[1]),
    );
    expect([...shares]).toEqual(["10", "50", "100"]);
  });

  test("stands in the way of promote --now, too", async () => {
    const failing = world(sharing(10), says({ answer: "fail", reason: "no" }));
    const options = { reason: "now", withoutEvidence: true };
    expect(await promoteNow(failing.context(), options)).toMatchObject({ exitCode: 10, promoted: false });
    const silent = world(sharing(10), says("yes"));
    expect(await promoteNow(silent.context(), { ...options, withoutEvidence: false })).toMatchObject({
      promoted: false,
    });
  });
});
