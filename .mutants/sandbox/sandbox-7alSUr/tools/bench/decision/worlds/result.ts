/** What came out of the releases in one world. Parts are 0 to 1; null: no such candidate was tried. */
export interface WorldResult {
  readonly name: string;
  readonly seed: number;
  /** Of each candidate. */
  readonly goodRuns: number;
  readonly badRuns: number;
  readonly goodRolledBack: number | null;
  readonly goodRolledBackUpper95: number | null;
  /** Gave its users back in doubt, even once. */
  readonly goodRetreated: number | null;
  /** Was rolled back, or gave its users back. */
  readonly goodAnswered: number | null;
  readonly goodPromoted: number | null;
  readonly badPromoted: number | null;
  /** Of good candidates, from the first user until the end. */
  readonly medianMinutes: number | null;
  /** Requests that failed on a bad candidate: until its users first went back, and until the end. */
  readonly medianFailedToRetreat: number | null;
  readonly medianFailedToEnd: number | null;
  /** A bad candidate's users are back when the third (sixth) complete minute has counted. */
  readonly badBy3: number | null;
  readonly badBy6: number | null;
}

/** A fault of the peers' scenarios, as a whole release with all its resumptions: users harmed on average. */
export interface HarmedResult {
  readonly cell: string;
  readonly seed: number;
  readonly runs: number;
  readonly failedToRetreat: number;
  readonly failedToEnd: number;
}
