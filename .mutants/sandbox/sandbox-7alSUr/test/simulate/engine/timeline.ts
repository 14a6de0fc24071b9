interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly go: () => void;
}

/** Until everything that was answered has asked for its next thing, or ended. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Virtual time: one queue of events, carried out one after the other, each until nothing of what it set off can go on
 * without another event. So the order of everything follows from the times alone.
 */
export class Timeline {
  private readonly due: Due[] = [];
  private order = 0;
  nowMs: number;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  at(atMs: number, go: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), order: this.order++, go };
    let place = this.due.length;
    // Latest first, so that the next one is taken from the end.
    while (place > 0 && isLater(event, this.due[place - 1])) place -= 1;
    this.due.splice(place, 0, event);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.nowMs + ms, resolve));
  }

  /** Carries events out until the time is over, nothing is left, or somebody has seen enough. */
  async run(untilMs: number, isOver: () => boolean): Promise<void> {
    await quiet();
    for (;;) {
      const next = this.due.at(-1);
      if (next === undefined || next.atMs > untilMs || isOver()) return;
      this.due.pop();
      this.nowMs = next.atMs;
      next.go();
      await quiet();
    }
  }
}

const isLater = (event: Due, other: Due | undefined) =>
  other !== undefined &&
  (event.atMs > other.atMs || (event.atMs === other.atMs && event.order > other.order));
