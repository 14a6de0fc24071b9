import { describe, expect, test } from "vitest";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { step } from "../../../validation/rollout/step.ts";
import { candidateReady, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
const MINUTE = 60_000;

function world(raw: ReturnType<typeof candidateReady>, states: Readonly<Record<string, string>>): World {
  const made = new World({ ...raw, rollout: { ...raw.rollout, alarms: ["orders-{slot}", "checkout"] } });
  made.ownAlarms = Object.entries(states).map(([name, state]) => ({
    name,
    state,
    evaluationState: undefined,
    transitionedMs: made.clock.now() + MINUTE,
    configuredMs: undefined,
    firesAfterMs: 2 * MINUTE,
    reason: "why",
  }));
  made.clock.advance(6 * MINUTE);
  return made;
}
const ALL = { "orders-blue": "OK", "orders-green": "OK", checkout: "OK" };

describe("alarms of the user's own", () => {
  test.each([
    ["let the release on while all are OK", ALL, { exitCode: 0, verdict: { kind: "advance", to: 50 } }, 50],
    [
      "move users back when the candidate's is in ALARM",
      { ...ALL, "orders-green": "ALARM" },
      { exitCode: 20, verdict: { kind: "rollback", reasons: ["orders-green is in ALARM (why)"] } },
      0,
    ],
    [
      "move users back when the one for both slots is in ALARM since they have the candidate",
      { ...ALL, checkout: "ALARM" },
      { exitCode: 20, verdict: { kind: "rollback", reasons: ["checkout is in ALARM (why)"] } },
      0,
    ],
    [
      "let it on where only the active slot's is in ALARM",
      { ...ALL, "orders-blue": "ALARM" },
      { exitCode: 0, verdict: { kind: "advance", to: 50 } },
      50,
    ],
    [
      "hold it when one is gone",
      { "orders-blue": "OK", "orders-green": "OK" },
      { verdict: { kind: "hold", why: "unreadable" } },
      10,
    ],
  ])("%s", async (_title, states, expected, green) => {
    const one = world(sharing(10), states);
    expect(await step(one.context(), ONCE)).toMatchObject(expected);
    expect(one.live.green).toBe(green);
  });

  test("that do not exist are named before the first user, and nobody waits for them", async () => {
    const one = world(candidateReady(), { checkout: "OK" });
    const started = rollout(one.context(), { pollMs: MINUTE });
    await expect(started).rejects.toMatchObject({ code: "BG310", exitCode: 64 });
    await expect(started).rejects.toThrow("orders-green");
    expect(one.live.green).toBe(0);
  });
});
