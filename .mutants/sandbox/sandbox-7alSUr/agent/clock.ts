/** What the agent takes its time from: epoch milliseconds, and a timer. */
export interface AgentClock {
  now(): number;
  /** Calls `action` once, `ms` from now; what it returns cancels it. */
  after(ms: number, action: () => void): () => void;
}

export const machineClock: AgentClock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, Math.max(0, ms));
    return () => clearTimeout(timer);
  },
};

/**
 * Calls `action` with each multiple of `periodMs` since the epoch, `delayMs` after it, until cancelled: a minute's
 * end is the same moment for every task. Multiples that a stalled process has missed are skipped.
 */
export function atMultiples(
  clock: AgentClock,
  periodMs: number,
  delayMs: number,
  action: (multipleMs: number) => void,
): () => void {
  const nextAfter = (ms: number) => (Math.floor((ms - delayMs) / periodMs) + 1) * periodMs;
  let cancel = () => {};
  const schedule = (multipleMs: number) => {
    cancel = clock.after(multipleMs + delayMs - clock.now(), () => {
      const nowMs = clock.now();
      // A machine's timer may fire a moment early.
      if (nowMs < multipleMs + delayMs) return schedule(multipleMs);
      schedule(nextAfter(nowMs));
      action(multipleMs);
    });
  };
  schedule(nextAfter(clock.now()));
  return () => cancel();
}
