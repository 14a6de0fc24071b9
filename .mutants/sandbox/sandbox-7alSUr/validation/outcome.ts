/** Exit codes of the command (design: 0 did its work, 10 a person, 11 evidence, 20 rolled back, 64/70 errors). */
export const EXIT = {
  done: 0,
  needsPerson: 10,
  evidenceMissing: 11,
  rolledBack: 20,
  usage: 64,
  failure: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What every flow ends with; a flow adds its own data, all of it fit for JSON. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly sentence: string;
}
