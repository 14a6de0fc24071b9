import type { Slot } from "../../../contract/slot.ts";

/** Whose prediction a row is about. */
export type RowOf =
  | { readonly requestId: string }
  /** In the minute of `atMs`. */
  | { readonly slot: Slot; readonly atMs: number }
  | { readonly modelVersion: string; readonly atMs: number };

/** What turned out to be right, or how wrong the answer was. */
export type RowSays =
  | { readonly label: unknown }
  | { readonly correct: boolean }
  /** 0 is perfect, 1 as wrong as can be. */
  | { readonly loss: number };

/** A row of `feedback`, as its author wrote it. */
export interface FeedbackRow {
  readonly line: number;
  /** A row with the id of an earlier one counts no more. */
  readonly id: string;
  readonly of: RowOf;
  readonly says: RowSays;
  /** When the prediction was made, epoch ms; undefined: the log tells. */
  readonly atMs: number | undefined;
  readonly segments: Readonly<Record<string, string>>;
}

/** A row whose prediction is known: what the ledger keeps. */
export interface Labelled {
  readonly id: string;
  /** Of the prediction, epoch ms. */
  readonly atMs: number;
  readonly slot: Slot;
  readonly version: string;
  readonly segments: Readonly<Record<string, string>>;
  /** undefined: only its loss is known. */
  readonly wrong: boolean | undefined;
  /** undefined: only right or wrong is known. */
  readonly loss: number | undefined;
}
