import { parentPort } from "node:worker_threads";
import { randomOf } from "../decision/random.ts";
import { hashOf } from "../decision/simulate.ts";
import { builtIn } from "./built-in.ts";
import { drawSignal } from "./day.ts";
import { judgeDay, type Outcome } from "./judge-day.ts";
import type { SignalWorld } from "./world.ts";

/** Some runs of a world. */
export interface SignalTask {
  readonly id: number;
  readonly world: SignalWorld;
  readonly seed: number;
  readonly fromRun: number;
  readonly toRun: number;
}

parentPort?.on("message", (task: SignalTask) => {
  parentPort?.postMessage(runSignalTask(task));
});

export function runSignalTask({ world, seed, fromRun, toRun }: SignalTask): readonly Outcome[] {
  return Array.from({ length: toRun - fromRun }, (_, index) => {
    const random = randomOf(seed, hashOf(world.drawnAs), fromRun + index);
    return judgeDay({
      minutes: world.minutes,
      builtIn: builtIn(world, random),
      signals: world.signals.map((plan) => drawSignal(plan, world, random)),
    });
  });
}
