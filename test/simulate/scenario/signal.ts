import type { SignalAction } from "../../../contract/signals/signal.ts";
import { between, oneOfThem, type Draw } from "../engine/dice.ts";

export const SIGNAL = "wrong-answers";
/** Names in the lines that the model writes to its log, one line an answer. */
export const WRONG = "wrong";
export const ANSWERED = "answered";

/** A signal of the stack's own, and how often each slot gives it cause. */
export interface SimulatedSignal {
  readonly action: SignalAction;
  /** Of their answers so many are wrong, 0 to 1. */
  readonly candidateRate: number;
  readonly usualRate: number;
}

export function signalOf(draw: Draw, isFlawless: boolean): SimulatedSignal | undefined {
  if (draw("signal") >= 0.25) return undefined;
  const actions = ["rollback", "rollback", "retreat", "hold", "hold", "report"] as const;
  const action = oneOfThem<SignalAction>(draw("signal action"), actions);
  const usualRate = between(draw("usually wrong"), 0, 0.02);
  const isWrong = draw("is wrong") < 0.6;
  const wrongRate = isWrong ? between(draw("wrong"), 0.3, 0.9) : usualRate;
  return { action, usualRate, candidateRate: isFlawless ? 0 : wrongRate };
}

/** As the stack's configuration has it. */
export const signalsIn = (signal: SimulatedSignal | undefined) =>
  signal === undefined
    ? []
    : [
        {
          name: SIGNAL,
          kind: "counts",
          action: signal.action,
          source: { from: "log", numerator: WRONG, denominator: ANSWERED },
        },
      ];
