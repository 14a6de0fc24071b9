/** The machine's own time: how long an answer takes is never the cloud's. */
export interface Machine {
  /** Milliseconds. */
  readonly wall: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** A part of the suite tells how far it is; whoever listens shows it now and then. */
export type Tell = (done: number, total: number) => void;
