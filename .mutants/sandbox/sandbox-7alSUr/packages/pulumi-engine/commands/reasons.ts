import type { Diagnostic } from "../deployment/events.ts";

/** A screenful; the whole of it stands above, under "Diagnostics". */
const MOST_LINES = 30;
/** What an engine says of an update because something else went wrong: no reason. */
const NO_REASON = /^(update|preview|refresh|destroy) failed$/;

/**
 * Why an operation failed, for the last lines of its output: each error once, without stack traces. Empty: nothing was
 * said.
 */
export function failureReasons(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim().replace(/^error: /, ""))
    .filter((message) => message !== "" && !NO_REASON.test(message));
  const lines = [...new Set(errors)].flatMap((message) =>
    message.split("\n").filter((line) => !/^\s+at /.test(line)),
  );
  const cut = lines.length > MOST_LINES ? ["… (more of it above)"] : [];
  return [...lines.slice(0, MOST_LINES), ...cut].join("\n  ");
}

/** `error: preview failed: why`: the last line that a person reads. */
export function failureLine(what: string, diagnostics: readonly Diagnostic[]): string {
  const reasons = failureReasons(diagnostics);
  return `error: ${what} failed${reasons === "" ? "" : `: ${reasons}`}\n`;
}
