/**
 * The local cloud's time. Everything that the cloud schedules (alarm periods, health-check intervals, bakes,
 * deregistration delays) takes its time from here, so that AWS's own 60-second periods act within seconds.
 * What a machine really does (a request, the start of a process) takes the time it takes and is not scaled.
 */
export interface Clock {
  /** Virtual time, epoch milliseconds. */
  now(): number;
  /** Calls `action` once, `virtualMs` from now; the returned function cancels it. */
  after(virtualMs: number, action: () => void): () => void;
  /** Virtual milliseconds per real millisecond; > 0. */
  readonly speed: number;
}

export interface ClockOrigin {
  /** Virtual epoch milliseconds at the moment `realMs`. */
  readonly virtualMs: number;
  /** Real epoch milliseconds. */
  readonly realMs: number;
  readonly speed: number;
}

/** Virtual epoch milliseconds of a clock with this origin at a real moment. */
export function virtualAt(origin: ClockOrigin, realMs: number): number {
  return origin.virtualMs + (realMs - origin.realMs) * origin.speed;
}

/** A clock that runs by itself. Its timers do not keep a process alive. */
export function runningClock(origin: ClockOrigin, realNow: () => number = Date.now): Clock {
  return {
    speed: origin.speed,
    now: () => virtualAt(origin, realNow()),
    after(virtualMs, action) {
      const timer = setTimeout(action, Math.max(0, virtualMs / origin.speed));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/**
 * Calls `action` at every multiple of `periodMs` plus `offsetMs` of the clock's time, until cancelled. Multiples
 * that a stalled process has missed are skipped.
 */
export function every(clock: Clock, periodMs: number, offsetMs: number, action: () => void): () => void {
  const nextAfter = (ms: number) => (Math.floor((ms - offsetMs) / periodMs) + 1) * periodMs + offsetMs;
  let dueMs = nextAfter(clock.now());
  let cancel = () => {};
  const schedule = () => {
    cancel = clock.after(dueMs - clock.now(), fire);
  };
  const fire = () => {
    // A machine's timer may fire a moment early, which a fast clock turns into seconds.
    const isDue = clock.now() >= dueMs;
    if (isDue) dueMs = nextAfter(clock.now());
    schedule();
    if (isDue) action();
  };
  schedule();
  return () => cancel();
}
