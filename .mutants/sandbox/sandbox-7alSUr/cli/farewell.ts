import { setTimeout as delay } from "node:timers/promises";
import { leftBehind } from "../validation/stack/interrupted.ts";
import type { Context } from "../validation/ports.ts";
import {
  cancelUpdates,
  exitCodeOf,
  interruptible,
  type Interrupt,
  type Interruption,
} from "./interruption.ts";
import { resultJson, type InterruptedResult } from "./json.ts";
import type { StackTarget } from "./stack-target.ts";
import { harmless } from "./view/harmless.ts";

/** To read where users are; whoever pressed Ctrl-C does not wait long. Real milliseconds. */
const WITHIN_MS = 10_000;
const NOT_READ =
  "Where users are could not be read in time. See: npx bluegreen status. All traffic back: npx bluegreen revert.";

/**
 * Lets the person, or who else has started this process, interrupt a verb that writes: it says what it leaves and what
 * goes on from there, and ends the process with 130 (SIGINT) or 143 (SIGTERM).
 */
export function leavesWithWords(
  context: Context,
  target: StackTarget,
  json: boolean,
  asTyped: (text: string) => string,
): Interruption {
  const say = (text: string) => void process.stderr.write(`${harmless(text)}\n`);
  const interruption = interruptible(context, {
    signals: process,
    cancel(signal) {
      // The terminal sends Ctrl-C to Pulumi's CLI, too, which takes a second one as an order to end at once.
      const isOwn = target.kind === "local" && target.cloud.engine.kind === "embedded";
      if (isOwn || signal === "SIGTERM") cancelUpdates();
    },
    tell: say,
    leave: (signal) => process.exit(exitCodeOf(signal)),
  });
  void interruption.happened.then(async (signal: Interrupt) => {
    const left = await Promise.race([leftBehind(context), delay(WITHIN_MS, NOT_READ, { ref: false })]);
    const message = asTyped(`interrupted (${signal}). ${left}`);
    const exitCode = exitCodeOf(signal);
    say(message);
    const found: InterruptedResult = { exitCode, interrupted: signal, message };
    if (json) process.stdout.write(`${harmless(resultJson(found, "interrupted"))}\n`);
    process.exit(exitCode);
  });
  return interruption;
}
