import type { Clients } from "./aws/clients.ts";
import type { RunClock } from "./teardown.ts";

/** Thrown into whatever an experiment does, once nothing new may begin: a signal came, or the time for the teardown. */
export class Stopped extends Error {}

/** What everything that an experiment does goes through. */
export interface Guard {
  /** Why nothing new may begin; undefined: it may. */
  stopped(): string | undefined;
  stop(why: string): void;
  readonly signal: AbortSignal;
  /** A clock whose sleeps end, by throwing, as soon as it is stopped or the time is over. */
  readonly clock: RunClock;
  clients(of: Clients): Clients;
}

/** @param untilMs when the teardown must begin, whatever is still to do. */
export function guardOf(clock: RunClock, untilMs: number): Guard {
  const aborting = new AbortController();
  let why: string | undefined;
  const stopped = () => why ?? (clock.now() >= untilMs ? "no time left" : undefined);
  const stop = (reason: string) => {
    why ??= reason;
    aborting.abort();
  };
  const check = () => {
    const reason = stopped();
    if (reason !== undefined) throw new Stopped(reason);
  };
  return {
    stopped,
    stop,
    signal: aborting.signal,
    clock: {
      now: clock.now,
      async sleep(ms) {
        check();
        await clock.sleep(Math.max(0, Math.min(ms, untilMs - clock.now())), aborting.signal);
        check();
      },
    },
    clients: ({ elb, ecs, cloudWatch, scaling, sts, raw }) => {
      const checked = <T extends { readonly send: unknown }>(client: T): T =>
        new Proxy(client, {
          get(target, property) {
            if (property === "send") check();
            const value: unknown = Reflect.get(target, property);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
      return {
        elb: checked(elb),
        ecs: checked(ecs),
        cloudWatch: checked(cloudWatch),
        scaling: checked(scaling),
        sts: checked(sts),
        raw: {
          query: async (...call) => {
            check();
            return raw.query(...call);
          },
          json: async (...call) => {
            check();
            return raw.json(...call);
          },
        },
      };
    },
  };
}
