import { constants } from "node:os";
import type { Runner } from "../packages/pulumi-engine/automation.ts";
import type { Context, Route, StackStore } from "../validation/ports.ts";

/** Ctrl-C, and what a CI runner or an init system sends. */
const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export type Interrupt = (typeof SIGNALS)[number];

/** As a shell has it of a process that a signal ended: 130 of SIGINT, 143 of SIGTERM. */
export const exitCodeOf = (signal: Interrupt): number => 128 + constants.signals[signal];

/** Where signals come from: the process, or a test. */
export interface SignalSource {
  on(signal: Interrupt, listener: () => void): unknown;
  off(signal: Interrupt, listener: () => void): unknown;
}

export interface Interruption {
  /** In which nothing new begins once a signal has come: whoever waits there waits for ever. */
  readonly context: Context;
  /** Settles after the first signal, as soon as no update and no write of the route is in flight; else never. */
  readonly happened: Promise<Interrupt>;
  /** undefined: none has come. */
  signal(): Interrupt | undefined;
  dispose(): void;
}

/**
 * Lets a flow be interrupted between two of its writes. What is in flight comes to its end, so that what is deployed
 * and what is recorded are the same; `cancel` may shorten it. `tell` gets a line when that takes time; `leave` is called
 * at a second signal.
 */
export function interruptible(
  context: Context,
  options: {
    readonly signals: SignalSource;
    readonly cancel: (signal: Interrupt) => void;
    readonly tell: (line: string) => void;
    readonly leave: (signal: Interrupt) => void;
  },
): Interruption {
  let came: Interrupt | undefined;
  let inFlight = 0;
  const { promise: happened, resolve } = Promise.withResolvers<Interrupt>();
  const settle = () => {
    if (came !== undefined && inFlight === 0) resolve(came);
  };
  const held = async <T>(write: () => Promise<T>): Promise<T> => {
    if (came !== undefined) return new Promise(() => {});
    inFlight += 1;
    try {
      return await write();
    } finally {
      inFlight -= 1;
      settle();
    }
  };
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (came !== undefined) {
        options.leave(signal);
        return;
      }
      came = signal;
      if (inFlight > 0) options.tell(`${signal}: an update is under way and ends first; once more: at once`);
      options.cancel(signal);
      settle();
    };
    options.signals.on(signal, listener);
    return [signal, listener] as const;
  });
  const store: StackStore = {
    ...context.store,
    apply: (update) => held(() => context.store.apply(update)),
  };
  const route: Route = {
    ...context.route,
    write: (arn, forward) => held(() => context.route.write(arn, forward)),
  };
  return {
    context: { ...context, store, route },
    happened,
    signal: () => came,
    dispose() {
      for (const [signal, listener] of listeners) options.signals.off(signal, listener);
    },
  };
}

const cancelling = new AbortController();

/** Updates that this process carries out, or has started, are to end as soon as they can. */
export const cancelUpdates = (): void => cancelling.abort();

/** Pulumi's commands, which `cancelUpdates` reaches. */
export const cancellable =
  (run: Runner["runPulumi"]): Runner["runPulumi"] =>
  (args, options) =>
    run(args, { ...options, signal: options.signal ?? cancelling.signal });
