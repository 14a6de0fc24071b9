import type { SuitePolicy } from "../../../contract/config/suite.ts";
import { CONFIDENCE, type SuiteFinding } from "../finding.ts";
import { medianLimit, signTest } from "../statistics.ts";
import { quantileNumbers } from "./quantiles.ts";

/** Fewer pairs prove that something is slow, and never that it is not. */
const LEAST_PAIRS = 30;

/** Seconds of both slots for the same request at the same load. */
export interface SecondsPair {
  readonly candidate: number;
  readonly active: number;
}

/**
 * Whether the candidate takes longer than the active slot: an exact sign test of the ratios against the margin. Times
 * below `leastSeconds` are the same to a user.
 */
export function slowerFinding(
  name: string,
  what: string,
  pairs: readonly SecondsPair[],
  { latencyMargin, latencySight }: Pick<SuitePolicy, "latencyMargin" | "latencySight">,
  leastSeconds = 0,
  otherwise?: "warn",
): SuiteFinding {
  const ratios = pairs.map(
    ({ candidate, active }) => Math.max(candidate, leastSeconds) / Math.max(active, leastSeconds),
  );
  const n = ratios.length;
  const slower = ratios.filter((ratio) => ratio > latencyMargin).length;
  const limit = medianLimit(ratios, CONFIDENCE);
  const isEnough = n >= LEAST_PAIRS;
  const value = ratios.toSorted((a, b) => a - b)[Math.floor(n / 2)] ?? Number.NaN;
  const shown = {
    ...quantileNumbers(
      "candidate",
      pairs.map(({ candidate }) => candidate),
      CONFIDENCE,
    ),
    ...quantileNumbers(
      "active",
      pairs.map(({ active }) => active),
      CONFIDENCE,
    ),
  };
  const of = (quantile: string) =>
    [`candidate${quantile}Ms`, `active${quantile}Ms`]
      .map((key) => shown[key]?.toFixed(1) ?? "?")
      .join(" against ");
  return {
    name,
    pValue: signTest(n, slower),
    shownGood: isEnough && limit <= latencySight,
    ...(isEnough && otherwise !== undefined ? { otherwise } : {}),
    seen: `${what}: p50 ${of("P50")} ms, p90 ${of("P90")} ms, p99 ${of("P99")} ms; ${slower} of ${n} pairs over ×${latencyMargin}`,
    sight: Number.isFinite(limit) ? `×${limit.toFixed(2)} would have shown` : "nothing would have shown",
    missing: isEnough ? `×${latencySight} must` : `it takes ${LEAST_PAIRS - n} pairs more`,
    numbers: {
      n,
      slower,
      // JSON has no infinity, which is what two times of nothing make.
      ...(Number.isFinite(value) ? { value } : {}),
      margin: latencyMargin,
      bound: latencySight,
      ...(Number.isFinite(limit) ? { limit } : {}),
      ...shown,
    },
  };
}
