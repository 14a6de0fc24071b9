import type { Release } from "../../../contract/release/release.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { SIGNAL, type SimulatedSignal } from "../scenario/signal.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { Violation } from "./violation.ts";

const MINUTE_MS = 60_000;
/** A minute is final after so long (docs/decision.md), and a look takes some of the next one. */
const FINAL_MS = 6 * MINUTE_MS;
/**
 * Of so many wrong answers none who counts can be in doubt: the active slot has at most 2 %. They count as sixteen users
 * of ten requests each: so many are assumed as long as the stack has no history (`φ`, docs/comparison.md).
 */
const NO_DOUBT = 160;
const NO_DOUBT_RATE = 0.25;

type Found = Omit<Violation, "atMs">;

/** What a verdict says beside what the stack's own signal really was; undefined: nothing is wrong. */
export function unlikeSignal(
  { traffic, nowMs }: CloudOfOne,
  { signal, beginsMs }: Scenario,
  { verdict, release, bake }: CheckedEvent,
): Found | undefined {
  if (signal === undefined) return undefined;
  const moves = signal.action === "rollback" || signal.action === "retreat";
  const isBlamed =
    (verdict.kind === "rollback" && verdict.cause === "failing") || verdict.kind === "retreat"
      ? verdict.reasons.find((reason) => reason.includes(SIGNAL))
      : undefined;
  if (isBlamed !== undefined && !moves)
    return {
      invariant: "innocence",
      what: `${verdict.kind} by a signal that is only to ${signal.action}: ${isBlamed}`,
    };
  const isForMore = verdict.kind === "advance" || verdict.kind === "promote";
  if (!isForMore || bake === undefined || signal.action === "report") return undefined;
  const seen = { requests: 0, wrong: 0 };
  for (
    let atMs = sinceMs(signal, release, beginsMs);
    atMs + MINUTE_MS + FINAL_MS <= nowMs();
    atMs += MINUTE_MS
  ) {
    const { requests, wrong } = traffic.minute(release.slot, atMs);
    seen.requests += requests;
    seen.wrong += wrong;
  }
  if (seen.wrong < NO_DOUBT || seen.wrong < NO_DOUBT_RATE * seen.requests) return undefined;
  const what = `${verdict.kind}, where ${seen.wrong} of ${seen.requests} answers were wrong and the signal is to ${signal.action}`;
  return { invariant: "rollback", what };
}

/** What ends a release is counted over all of it; what gives users back since they were last split (docs/decision.md). */
function sinceMs({ action }: SimulatedSignal, { retreats }: Release, beginsMs: number): number {
  const last = retreats.at(-1);
  return action === "retreat" && last !== undefined
    ? Math.ceil(Date.parse(last.at) / MINUTE_MS) * MINUTE_MS
    : beginsMs;
}
