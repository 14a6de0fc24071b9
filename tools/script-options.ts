/** What a script of this project was given, checked before it begins: a wrong word would be hours of nothing. */

/** What is wrong with a whole number; undefined: nothing. `least`: the smallest that is allowed. */
export function countProblem(option: string, text: string, least = 1): string | undefined {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return undefined;
  return `--${option} ${text}: a whole number from ${least} on is allowed`;
}

/** The same of a number above 0. */
export function amountProblem(option: string, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return undefined;
  return `--${option} ${text}: a number above 0 is allowed`;
}

/** What is wrong with words of which each has to be in the list; undefined: nothing. */
export function namesProblem(
  option: string,
  names: readonly string[],
  allowed: readonly string[],
): string | undefined {
  const unknown = names.filter((name) => !allowed.includes(name));
  if (unknown.length === 0) return undefined;
  return `--${option} ${unknown.join(", ")}: allowed are ${allowed.join(", ")}`;
}

/** Tells all problems and ends the process with 64, the code of wrong use (sysexits.h); goes on when there is none. */
export function endOn(problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  process.stderr.write(`${found.join("\n")}\n`);
  process.exit(64);
}
