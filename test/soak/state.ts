import { readIfThere, writeAtomically } from "../../packages/pulumi-engine/state/files.ts";
import type { Sample } from "./samples.ts";
import { NO_REQUESTS, type Tally } from "./users.ts";

/** How a release ended: `refused` before users, `held` where a person had to end it. */
export type End = "promoted" | "rolledBack" | "held" | "refused" | "error";

export interface Row {
  readonly model: string;
  readonly version: string;
  /** What is wrong with it: `failing 0.5 from 150`. */
  readonly fault: string;
  readonly isGood: boolean;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly end: End;
  /** It was promoted, and a person reverted it. */
  readonly isReverted?: boolean;
  readonly retreats: number;
  /** By which calculation its fault could be seen in the time given; undefined: by none. */
  readonly detectableBy: string | undefined;
  /** Real seconds of its deploy. */
  readonly deploySeconds: number;
  /** What the last verb said. */
  readonly sentence: string;
  /** Planned faults in its time. */
  readonly disturbedBy: readonly string[];
}

/** A soak so far: as much of it as another process needs to go on. */
export interface SoakState {
  readonly seed: number;
  readonly speed: number;
  /** The checkout in which it works. */
  readonly root: string;
  /** Virtual minutes, until the last release ended. */
  readonly minutes: number;
  /** Of each model, the index of its next release. */
  readonly next: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
  readonly tallies: Readonly<Record<string, Tally>>;
  readonly incidents: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
}

export const newState = (
  seed: number,
  speed: number,
  root: string,
  models: readonly string[],
): SoakState => ({
  seed,
  speed,
  root,
  minutes: 0,
  next: Object.fromEntries(models.map((model) => [model, 0])),
  rows: [],
  tallies: Object.fromEntries(models.map((model) => [model, NO_REQUESTS])),
  incidents: {},
  samples: [],
});

/** Versions that no user may see any more, of releases in the order of their ends. What ended with an error may stay. */
export function goneAfter(rows: readonly Row[]): ReadonlySet<string> {
  const serving = new Map<string, string>();
  const gone = new Set<string>();
  for (const { model, version, end, isReverted } of rows) {
    const before = serving.get(model);
    if (end === "error") continue;
    if (end !== "promoted" || isReverted === true) gone.add(version);
    else {
      if (before !== undefined) gone.add(before);
      serving.set(model, version);
    }
  }
  return gone;
}

/** undefined: there is none yet. */
export async function readState(path: string): Promise<SoakState | undefined> {
  const text = await readIfThere(path);
  // Only writeState below writes it.
  return text === undefined ? undefined : (JSON.parse(text) as SoakState);
}

export const writeState = (path: string, state: SoakState): Promise<void> =>
  writeAtomically(path, JSON.stringify(state));
