/** Exit codes of the Pulumi CLI (sdk/go/common/util/cmdutil/exit.go), of which scripts may depend. */
export const EXIT = { failed: 1, consentMissing: 2, stackNotFound: 6, changesNotExpected: 7 } as const;

/** Something the person who typed the command can fix: printed as one `error: …` line, without a stack. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** What is wrong with a file: its content, the disk, or who may use it. */
export type FileProblem = "broken" | "full" | "forbidden";

/** A file, or the disk that it is on, which the person can fix. */
export class FileError extends UserError {
  readonly problem: FileProblem;

  constructor(problem: FileProblem, message: string) {
    super(message);
    this.name = "FileError";
    this.problem = problem;
  }
}

/** A stack's secrets are kept with a key that the engine does not have. */
export class ForeignSecrets extends UserError {}

/** Refuses by name what Pulumi can do and the embedded engine cannot. */
export function notSupported(what: string): UserError {
  return new UserError(`the embedded engine does not support ${what}; use the Pulumi CLI for that`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a file-system call failed with this code (`ENOENT`, `EEXIST`…). */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
