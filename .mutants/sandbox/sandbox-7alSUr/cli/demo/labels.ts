import type { Context } from "../../validation/ports.ts";
import { feedback } from "../../validation/signals/feedback/feedback.ts";
import type { Traffic } from "./traffic.ts";

/** The users' app learns what was right so long after an answer, by the cloud's time. */
const LEARNS_AFTER_MS = 15_000;
/** And tells it this often. */
const EVERY_MS = 40_000;

export interface App {
  readonly labels: () => number;
  readonly stop: () => Promise<void>;
}

/** Tells the stack what turned out to be right, as `npx bluegreen feedback <file>` does. */
export function startApp(context: Context, traffic: Traffic): App {
  const ending = new AbortController();
  let [sent, labels] = [0, 0];
  const tell = async () => {
    const all = traffic.answers();
    const from = sent;
    const knownMs = context.clock.now() - LEARNS_AFTER_MS;
    while (sent < all.length && context.clock.fromWall(all[sent]?.realMs ?? Infinity) <= knownMs) sent += 1;
    const rows = all
      .slice(from, sent)
      .flatMap(({ status, labelled, realMs }) =>
        status === 200 && labelled !== undefined
          ? [{ ...labelled, time: context.clock.fromWall(realMs) }]
          : [],
      );
    if (rows.length === 0) return;
    labels += (await feedback(context, rows.map((row) => JSON.stringify(row)).join("\n"))).taken;
  };
  const loop = async () => {
    while (!ending.signal.aborted) {
      await tell();
      await context.clock.sleep(EVERY_MS);
    }
  };
  const ended = loop();
  // Told by `stop`, whoever waits for something else meanwhile.
  ended.catch(() => {});
  return {
    labels: () => labels,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
