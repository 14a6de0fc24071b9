import type { Signal } from "../../../contract/signals/signal.ts";
import type { Dispersion } from "./clusters/dispersion.ts";
import type { PairedMinute } from "./counts.ts";
import type { MetricKind } from "./evidence/weighing.ts";

/** A complete minute, by when it began: epoch milliseconds of the cloud's clock. */
export interface TimedMinute extends PairedMinute {
  readonly atMs: number;
}

/** Minutes that have an e-value of their own; a metric's is the mean of its parts'. */
export interface MetricPart {
  /** `country=DE`, `tenth 3`; undefined: of all. */
  readonly name: string | undefined;
  /** All parts' together are 1. */
  readonly weight: number;
  readonly minutes: readonly TimedMinute[];
}

/** A signal of the stack's own, as it is compared. */
export interface ComparedSignal {
  readonly definition: Signal;
  /** Why nothing can be said by it now; its counts are then no evidence. */
  readonly held: string | undefined;
  /** Minutes whose numbers contradict each other, by when they began. */
  readonly unreadable: readonly number[];
  /** What weakens it, and does not hold the release. */
  readonly note: string | undefined;
}

export interface ComparedMetric {
  readonly name: string;
  readonly kind: MetricKind;
  /** Of this pair of models since it first shared users, oldest first; only minutes that are settled. */
  readonly minutes: readonly TimedMinute[];
  /** What it is judged by; undefined: by all its minutes. */
  readonly parts?: readonly MetricPart[];
  readonly dispersion: Dispersion;
  /** Others than the model can bring it about on the candidate alone: it gives users back, and ends no release. */
  readonly isDoubtOnly?: boolean;
  readonly signal?: ComparedSignal;
}

export function partsOf({ parts, minutes }: ComparedMetric): readonly MetricPart[] {
  if (parts === undefined) return [{ name: undefined, weight: 1, minutes }];
  // Scores have no tenths before anything is frozen: nothing is counted of them, and nothing is evidence.
  return parts.length > 0 ? parts : [{ name: undefined, weight: 1, minutes: [] }];
}

/**
 * What a metric's evidence is for: `both` the end of the release and doubt, doubt alone, the metric `alone`, or nothing,
 * because nobody can say what its counts mean.
 */
export type MetricRole = "both" | "doubt" | "alone" | "none";

export function roleOf({ isDoubtOnly = false, signal }: ComparedMetric): MetricRole {
  if (signal?.held !== undefined) return "none";
  switch (signal?.definition.action) {
    case "hold":
    case "report":
      return "alone";
    case "retreat":
      return "doubt";
    default:
      return isDoubtOnly ? "doubt" : "both";
  }
}

/** When the evidence was first enough. It may be less by now; what has been seen once is seen. */
export interface Crossing {
  /** The begin of the minute, epoch ms. */
  readonly atMs: number;
  readonly evidence: number;
  /** The metric that had most of it. */
  readonly name: string;
}

/** Evidence against the candidate, and whether it ever was enough. */
export interface Weighed {
  /** Σ of weight times e-value; compared with `needed`. */
  readonly evidence: number;
  readonly needed: number;
  /** undefined: it never was enough. */
  readonly crossing: Crossing | undefined;
}
