/** The promises that hold in every simulated release (docs/worst-day/simulation.md). */
export const INVARIANTS = {
  provenance: "traffic is never where no verdict and no person put it",
  rollback: "a bad candidate is at 0 within its bound, and is never promoted by a verdict",
  capacity: "who may have to take everyone has the tasks for it",
  locks: "the lock of a living update is never broken, unless a person says so",
  updates: "no verb undoes what another update has written since it read the stack",
  evidence: "a kept file is whole or absent",
  waits: "every wait ends",
  fights: "two writers undo each other for no longer than one period",
  finality: "nobody gets more users by data that was not final",
  verdicts: "a candidate that the gates have rolled back is refused, whoever tells Pulumi of it",
  memory: "what a release has counted is counted on, and what it says of its end is so",
  innocence: "a model that fails nothing is never rolled back for failing",
  convergence: "when the trouble is over, the stack comes to rest: no open release, no drift",
  crash: "nothing fails that is neither told to a person nor caught",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly atMs: number;
  readonly what: string;
}
