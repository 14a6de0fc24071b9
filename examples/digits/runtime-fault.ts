/**
 * A fault that comes and goes while the model runs, for people who try things out on their own machine: SIGUSR2 makes
 * the process read its name from a file that only its own user can have written. Nobody who asks the model can do that.
 */
import { readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withFault, type Predict } from "./faults.ts";

/** What each is in faults.ts; undefined: none. */
export const RUNTIME_FAULTS = {
  well: undefined,
  slow: "slower-and-slower:200",
  failing: "one-in-N-fails:2",
  wrong: "preprocessing-mismatch",
} as const;
export type RuntimeFault = keyof typeof RUNTIME_FAULTS;

/** A number alone: a container may run as a user that has no name there. */
const userId = (): number => process.getuid?.() ?? 0;

export const faultFile = (pid: number): string => join(tmpdir(), `digits-fault-${userId()}-${pid}`);

/** `predict` with whatever fault the process was told last. */
export function withRuntimeFault(predict: Predict): Predict {
  let now = predict;
  process.on("SIGUSR2", () => {
    try {
      const path = faultFile(process.pid);
      if (statSync(path).uid !== userId()) throw new Error(`${path} is another user's`);
      const name = readFileSync(path, "utf8").trim();
      const fault = isRuntimeFault(name) ? RUNTIME_FAULTS[name] : undefined;
      now = fault === undefined ? predict : withFault(fault, predict);
      console.log(`digits: from now on ${name}`);
    } catch (error) {
      console.error(`digits: no fault was taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  return (features) => now(features);
}

const isRuntimeFault = (name: string): name is RuntimeFault => Object.hasOwn(RUNTIME_FAULTS, name);
