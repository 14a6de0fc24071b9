import type { Gate } from "../core/assessment.ts";

/**
 * A built-in gate: one file in this folder with one `definition`, and its test. `npm run generate` makes the index, the
 * names that a configuration may use and the table in docs/gates.md from it.
 */
export interface GateDefinition {
  /** As reports, evidence and `rollout.dryRun` have it; one that asks for several things has several. */
  readonly names: readonly string[];
  /** What it asks, in one sentence for the documents. */
  readonly asks: string;
  /** Rising: those whose numbers say most come first in every sentence. */
  readonly order: number;
  /** Asked of a candidate with users; undefined: not. */
  readonly sharing?: Gate;
  /** Asked before a candidate's first user, and before it gets users again that it gave back; undefined: not. */
  readonly starting?: Gate;
  /** Asked of a candidate that has a cohort and no users yet; undefined: not. */
  readonly cohort?: Gate;
  /** Whether its failure may end a release that has no users at the time; else it only waits. */
  readonly endsWithoutUsers?: boolean;
}

export const defineGate = (definition: GateDefinition): GateDefinition => definition;
