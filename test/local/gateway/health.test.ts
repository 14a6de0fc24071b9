import { describe, expect, it } from "vitest";
import { NEW_TARGET, afterProbe, matchesCodes } from "../../../local/gateway/health.ts";
import type { ProbeResult } from "../../../local/gateway/health.ts";

const THRESHOLDS = { healthyThreshold: 3, unhealthyThreshold: 2 };
const PASS: ProbeResult = { pass: true };
const FAIL: ProbeResult = { pass: false, reason: "Target.Timeout", description: "Request timed out" };

/** The states after each of the checks: `+` passes, `-` fails. */
function states(checks: string): string[] {
  let health = NEW_TARGET;
  return [...checks].map((check) => {
    health = afterProbe(health, check === "+" ? PASS : FAIL, THRESHOLDS);
    return health.state;
  });
}

describe("a target's health", () => {
  it("is healthy after one pass when the target is new, whatever the threshold", () => {
    expect(states("+")).toEqual(["healthy"]);
    expect(states("-+")).toEqual(["initial", "healthy"]);
  });

  it("is unhealthy after as many failures in a row as the threshold says, new or not", () => {
    expect(states("--")).toEqual(["initial", "unhealthy"]);
    expect(states("+--")).toEqual(["healthy", "healthy", "unhealthy"]);
  });

  it("forgets failures at each pass", () => {
    expect(states("+-+-+").every((state) => state === "healthy")).toBe(true);
  });

  it("comes back after as many passes in a row as the threshold says", () => {
    expect(states("--++-+++").slice(2)).toEqual([
      "unhealthy",
      "unhealthy",
      "unhealthy",
      "unhealthy",
      "unhealthy",
      "healthy",
    ]);
  });

  it("tells the latest reason while unhealthy", () => {
    const mismatch: ProbeResult = {
      pass: false,
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [500]",
    };
    const unhealthy = [FAIL, FAIL, mismatch].reduce(
      (health, result) => afterProbe(health, result, THRESHOLDS),
      NEW_TARGET,
    );
    expect(unhealthy).toMatchObject({ state: "unhealthy", reason: "Target.ResponseCodeMismatch" });
  });
});

describe("matcher codes", () => {
  it.each([
    ["200", 200, true],
    ["200", 201, false],
    ["200,202", 202, true],
    ["200,202", 201, false],
    ["200-299", 299, true],
    ["200-299", 300, false],
    ["200-204,301", 301, true],
  ])("%s and status %i: %s", (matcher, status, expected) => {
    expect(matchesCodes(matcher, status)).toBe(expected);
  });
});
