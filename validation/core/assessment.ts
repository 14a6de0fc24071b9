import type { RolloutPolicy, Thresholds } from "../../contract/config/sections.ts";
import type { Observation } from "./observation.ts";

/** The numbers and words that a gate looked at. */
export type Evidence = Readonly<Record<string, number | string>>;

/**
 * - `unreadable`: what the gate needs could not be read, or is no verdict.
 * - `tooEarly`: it was read, and there is not enough of it yet.
 */
export type NoAnswerCause = "unreadable" | "tooEarly";

export type Answer = { readonly reason: string; readonly evidence: Evidence } & (
  | { readonly kind: "pass" | "fail" | "notApplicable" }
  | { readonly kind: "noAnswer"; readonly cause: NoAnswerCause }
);

export type FailAction = "rollback" | "retreat" | "hold";

export interface Assessment {
  readonly gate: string;
  /** A failing candidate is rolled back; a failing baseline only keeps the candidate from more users. */
  readonly about: "candidate" | "baseline";
  /** Measures the candidate alone, without a control: says nothing while the active slot is in trouble, too. */
  readonly absolute?: boolean;
  /**
   * What a candidate that fails this brings about: it goes back for good, it gives its users back until it is tried
   * again, or it only waits, because what was seen proves no fault of it. Unless given: `rollback`.
   */
  readonly onFail?: FailAction;
  /** Of a candidate without users: waiting changes nothing, it stays so until a person does something. */
  readonly isLasting?: boolean;
  /** Reported, and decides nothing: `rollout.dryRun`. */
  readonly dryRun?: boolean;
  readonly answer: Answer;
}

export interface GateInput {
  readonly observation: Observation;
  readonly policy: RolloutPolicy;
  readonly thresholds: Thresholds;
  /** Whether users stay on the slot of their first answer. */
  readonly sticky: boolean;
  /** Whether the stack stands on the local cloud, for what a person can do about it. */
  readonly isLocal?: boolean;
}

/** Whether it rolls the candidate back, when nothing else is in the way. */
export const rollsBack = ({ about, answer, onFail = "rollback" }: Assessment): boolean =>
  answer.kind === "fail" && about === "candidate" && onFail === "rollback";

/** Whether it gives the candidate's users back until it is tried again. */
export const retreats = ({ about, answer, onFail }: Assessment): boolean =>
  answer.kind === "fail" && about === "candidate" && onFail === "retreat";

/** Whether it speaks against the candidate and proves nothing. */
export const isDoubt = ({ about, answer, onFail }: Assessment): boolean =>
  answer.kind === "fail" && about === "candidate" && onFail === "hold";

/** One check that can stop a release. Pure. */
export type Gate = (input: GateInput) => readonly Assessment[];

export function assess(gates: readonly Gate[], input: GateInput): readonly Assessment[] {
  return gates.flatMap((gate) => gate(input));
}

/** Marks what the policy wants only reported. */
export const withDryRun = (
  assessments: readonly Assessment[],
  { dryRun }: Pick<RolloutPolicy, "dryRun">,
): readonly Assessment[] =>
  assessments.map((one) => (dryRun.includes(one.gate) ? { ...one, dryRun: true } : one));

export const pass = (reason: string, evidence: Evidence = {}): Answer => ({ kind: "pass", reason, evidence });
export const fail = (reason: string, evidence: Evidence = {}): Answer => ({ kind: "fail", reason, evidence });
export const notApplicable = (reason: string, evidence: Evidence = {}): Answer => ({
  kind: "notApplicable",
  reason,
  evidence,
});
export const unreadable = (reason: string, evidence: Evidence = {}): Answer => ({
  kind: "noAnswer",
  cause: "unreadable",
  reason,
  evidence,
});
export const tooEarly = (reason: string, evidence: Evidence = {}): Answer => ({
  kind: "noAnswer",
  cause: "tooEarly",
  reason,
  evidence,
});
