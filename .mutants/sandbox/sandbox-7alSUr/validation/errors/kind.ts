import type { ExitCode } from "../outcome.ts";

export interface ErrorKind {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** What a person does about it. */
  readonly fix: string;
}

export type ErrorKinds = Readonly<Record<string, ErrorKind>>;
