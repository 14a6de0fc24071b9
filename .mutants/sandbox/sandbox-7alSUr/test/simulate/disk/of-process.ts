import type { ProcessOnMachine } from "../engine/machine.ts";

/** Below this every path is of a simulated machine: `/simulated/<run>/<name>`. */
const ROOT = "/simulated/";

export const onDiskOf = (by: ProcessOnMachine, name: string): string => `${ROOT}${by.run}/${name}`;
