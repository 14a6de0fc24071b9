import type { Fate } from "./owner.ts";

/** What a process that moves a release says of itself while it runs. */
export interface Work {
  /** Known to the machine that it runs on: see Owner. */
  readonly run: string;
  /** As `release.owner` has it. */
  readonly owner: string;
  /** Its last check; undefined: it has made none yet. */
  readonly look?: WorkLook | undefined;
}

export interface WorkLook {
  /** ISO 8601, the cloud's clock. */
  readonly at: string;
  readonly sentence: string;
  /** When it checks again; undefined: it is at it. */
  readonly nextAt?: string | undefined;
}

/** The first of them whose process provably runs. */
export const living = (works: readonly Work[], fateOfRun: (run: string) => Fate): Work | undefined =>
  works.find(({ run }) => fateOfRun(run) === "runs");
