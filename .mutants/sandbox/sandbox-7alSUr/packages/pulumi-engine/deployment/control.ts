/** The deployment has been stopped, by an error that has been reported or by the person. */
export class Stopped extends Error {
  constructor() {
    super("the deployment has been stopped");
    this.name = "Stopped";
  }
}

/** Lets operations start until the deployment is stopped, and waits for those in flight. */
export interface Control {
  readonly stopped: boolean;
  stop(): void;
  /** Resolves when `stop` is called. */
  readonly whenStopped: Promise<void>;
  /** Throws Stopped. */
  check(): void;
  run<T>(operation: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

export function createControl(): Control {
  const running = new Set<Promise<unknown>>();
  const { promise: whenStopped, resolve } = Promise.withResolvers<void>();
  let stopped = false;
  const control: Control = {
    get stopped() {
      return stopped;
    },
    whenStopped,
    stop() {
      stopped = true;
      resolve();
    },
    check() {
      if (stopped) throw new Stopped();
    },
    async run(operation) {
      control.check();
      const promise = operation();
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
  return control;
}
