import { UserError } from "../validation/errors.ts";
import { EXIT, type ExitCode } from "../validation/outcome.ts";

/**
 * Shows what went wrong and answers with the exit code: a person's mistake with its code and what mends it,
 * ours with its stack trace. With `--json` the same as one object on standard output.
 */
export function showError(error: unknown, asJson: boolean): ExitCode {
  if (error instanceof UserError) {
    const { code, message, mend, exitCode } = error;
    process.stderr.write(`${code}: ${message}\n  ${mend}\n`);
    if (asJson) process.stdout.write(`${JSON.stringify({ exitCode, error: { code, message, mend } })}\n`);
    return exitCode;
  }
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${shown}\n`);
  if (asJson) {
    const message = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${JSON.stringify({ exitCode: EXIT.failure, error: { message } })}\n`);
  }
  return EXIT.failure;
}
