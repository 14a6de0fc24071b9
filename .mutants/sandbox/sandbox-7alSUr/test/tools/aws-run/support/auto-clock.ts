import type { RunClock } from "../../../../tools/aws-run/teardown.ts";

/** A clock that goes on to the next one who waits as soon as nobody has anything else to do. Nothing sleeps. */
export function autoClock(startMs = Date.UTC(2026, 10, 29, 14, 5)): RunClock {
  let nowMs = startMs;
  const waiting: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const next = () => {
    waiting.sort((a, b) => a.untilMs - b.untilMs);
    const first = waiting.shift();
    if (first === undefined) return;
    nowMs = Math.max(nowMs, first.untilMs);
    first.wake();
  };
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        signal?.addEventListener("abort", () => wake(), { once: true });
        waiting.push({ untilMs: nowMs + ms, wake });
        setImmediate(next);
      }),
  };
}
