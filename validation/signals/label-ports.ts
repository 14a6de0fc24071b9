import type { Slot } from "../../contract/slot.ts";

/** Objects that are written once and never change. */
export interface LabelStore {
  /** Names of the objects that begin so. */
  list(prefix: string): Promise<readonly string[]>;
  /** Their texts, in the same order. */
  read(names: readonly string[]): Promise<readonly string[]>;
  /** false: there is one of this name already, and it stays as it is. */
  create(name: string, text: string): Promise<boolean>;
}

/** A prediction as a task has written it to its log. */
export interface LoggedPrediction {
  readonly requestId: string;
  readonly slot: Slot;
  /** undefined: it does not say. */
  readonly version: string | undefined;
  /** When the log took it, epoch ms of the cloud's clock. */
  readonly atMs: number;
  /** undefined: it does not say. */
  readonly answer: unknown;
  readonly segments: Readonly<Record<string, string>>;
}

/**
 * What the logs have of a request id. Ids are the clients' own, so whoever sends requests can send one again: of an id
 * with lines of both slots, or with different ones, nobody can tell which answer a label is of.
 */
export type FoundPrediction = LoggedPrediction | "several";

export interface PredictionLog {
  /** Those of these requests that are in the logs of the slots from `fromMs` to `toMs`; of lines that say the same the first. */
  find(
    services: ReadonlyMap<Slot, string>,
    requestIds: ReadonlySet<string>,
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, FoundPrediction>>;
}
