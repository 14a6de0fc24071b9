import { describe, expect, it } from "vitest";
import { NEW_TARGET, afterProbe, matchesCodes, minFailingMs } from "../../gateway/health.ts";
import type { ProbeResult } from "../../gateway/health.ts";

const THRESHOLDS = { healthyThreshold: 3, unhealthyThreshold: 2, minFailingMs: minFailingMs(1) };
/** The shortest that AWS has. */
const INTERVAL_MS = 5000;
const PASS: ProbeResult = { pass: true };
const FAIL: ProbeResult = { pass: false, reason: "Target.Timeout", description: "Request timed out" };

/** The states after each of the checks: `+` passes, `-` fails. */
function states(checks: string, intervalMs = INTERVAL_MS, speed = 1): string[] {
  const thresholds = { ...THRESHOLDS, minFailingMs: minFailingMs(speed) };
  let health = NEW_TARGET;
  return [...checks].map((check, index) => {
    health = afterProbe(health, check === "+" ? PASS : FAIL, thresholds, index * intervalMs);
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

  it("is not lost to a stall on a fast clock: the failures must span 1.5 real seconds, whatever their number", () => {
    // At speed 60, checks that are 10 virtual seconds apart come every 167 real milliseconds.
    const checks = states("+".padEnd(12, "-"), 10_000, 60);
    expect(checks.slice(0, 10).every((state) => state === "healthy")).toBe(true);
    expect(checks.slice(10)).toEqual(["unhealthy", "unhealthy"]);
    expect(states("+---------+---------", 10_000, 60).every((state) => state === "healthy")).toBe(true);
    expect(states("---------", 10_000, 60).every((state) => state === "initial")).toBe(true);
    expect(states("+", 10_000, 60)).toEqual(["healthy"]);
  });

  it("tells the latest reason while unhealthy", () => {
    const mismatch: ProbeResult = {
      pass: false,
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [500]",
    };
    const unhealthy = [FAIL, FAIL, mismatch].reduce(
      (health, result, index) => afterProbe(health, result, THRESHOLDS, index * INTERVAL_MS),
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
