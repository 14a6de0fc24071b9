import type { Machine, ProcessOnMachine } from "../engine/machine.ts";

/** Starts a process on a machine. */
export type Begin = (machine: Machine, verb: string) => ProcessOnMachine;
