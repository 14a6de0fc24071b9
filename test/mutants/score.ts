import { relative } from "node:path";
import type { Area } from "./areas.ts";

/** What Stryker tells of a mutant, as far as it is used here (its `MutantResult`). */
export interface Mutant {
  readonly status: string;
  readonly fileName: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
  readonly mutatorName: string;
  readonly replacement?: string;
}

/** How many of an area's mutants its tests find. */
export interface Score {
  readonly area: string;
  /** All but those that were not tried. */
  readonly mutants: number;
  readonly found: number;
  readonly survived: number;
  /** No test runs there. */
  readonly uncovered: number;
  readonly percent: number;
  readonly isEnough: boolean;
}

const count = (results: readonly Mutant[], ...wanted: readonly string[]) =>
  results.filter(({ status }) => wanted.includes(status)).length;

export function scoreOf({ name, least }: Area, results: readonly Mutant[]): Score {
  // One that makes the tests run for ever is found: a nightly run would not end.
  const found = count(results, "Killed", "Timeout");
  const survived = count(results, "Survived");
  const uncovered = count(results, "NoCoverage");
  const mutants = found + survived + uncovered;
  const percent = mutants === 0 ? 0 : Math.round((found / mutants) * 1_000) / 10;
  return {
    area: name,
    mutants,
    found,
    survived,
    uncovered,
    percent,
    isEnough: mutants > 0 && (least === undefined || percent >= least),
  };
}

/** Each in a line: where, and what stands there instead. */
export function survivorsIn(results: readonly Mutant[], root = process.cwd()): readonly string[] {
  return results
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ fileName, location, mutatorName, replacement = "", status }) => {
      const to = replacement.replaceAll(/\s+/g, " ").slice(0, 120);
      return `${status} ${relative(root, fileName)}:${location.start.line}:${location.start.column} ${mutatorName} → ${to}`;
    });
}
