import type { HarmedResult, WorldResult } from "./worlds/result.ts";

/** What the bench prints with `--json`, and what is committed of the full one. */
export interface BenchResult {
  readonly cells: readonly CellResult[];
  readonly worstFalseRollback: Worst;
  readonly worstClustered: Worst;
  /** Cells of the grid in which our median is beyond the bar; null: only the full bench has the grid. */
  readonly beyondToleranceOneSetting: number | null;
  readonly beyondToleranceRobust: number | null;
  /** Cells that only we detect within 24 hours, of rules with one setting. */
  readonly onlyOurs: number | null;
  readonly oracleRatioP90: number | null;
  /**
   * Users harmed until the rollback: ours / those of the best peer with one setting, per cell; null: no peer left good
   * candidates alone, so there is nobody to compare with.
   */
  readonly usersHarmedRatio: Readonly<Record<string, number | null>>;
  /** Whole releases in worlds that mislead. */
  readonly worlds: readonly WorldResult[];
  /** The faults as whole releases, with all resumptions. */
  readonly harmedInReleases: readonly HarmedResult[];
  /** As `usersHarmedRatio`, of those: until users first went back, and until the end. */
  readonly usersHarmedInReleases: Readonly<
    Record<string, { readonly toRetreat: number; readonly toEnd: number } | null>
  >;
}

export interface Worst {
  readonly cell: string;
  readonly rate: number;
  readonly upper95: number;
}

export type CellResult = NullResult | GrossResult | FaultResult | GridResult;

interface Ran {
  readonly cell: string;
  readonly seed: number;
  readonly runs: number;
}

export interface NullResult extends Ran {
  readonly kind: "null";
  readonly clustered: boolean;
  readonly falseRollbacks: number;
  readonly rate: number;
  readonly upper95: number;
  /** Part of the runs in which each peer rolled the candidate back. */
  readonly peers: Readonly<Record<string, number>>;
}

/** Seen by the period that the bar names, in what part of the runs. */
export interface SeenBy {
  readonly periods: number;
  readonly part: number;
  readonly needed: number;
}

export interface GrossResult extends Ran {
  readonly kind: "gross";
  readonly comparisonPhiKnown: SeenBy;
  readonly comparison: SeenBy;
  readonly verdict: SeenBy;
}

export interface Detection {
  /** Part of the runs in which it rolled the candidate back within 24 hours. */
  readonly detected: number;
  /** Minutes from the onset; null: more than the time watched. */
  readonly median: number | null;
  /** Users harmed until then, on average. */
  readonly harmed: number;
  /** Part of the runs in which it had rolled it back before anything was wrong. */
  readonly early: number;
}

export interface FaultResult extends Ran {
  readonly kind: "fault" | "slow";
  readonly ours: Detection;
  readonly peers: Readonly<Record<string, Detection>>;
}

export interface GridResult extends Ran {
  readonly kind: "grid";
  /** Medians in minutes; 1440 is the horizon. */
  readonly ours: number;
  readonly oneSetting: number;
  readonly oneSettingPeriod: number;
  readonly robust: number;
  readonly robustPeriod: number;
  readonly oracle: number;
}
