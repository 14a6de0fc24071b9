import type { Verification } from "./verify.ts";

const MOST = 40;

/** One sentence, then what was checked, then each difference. */
export function shown({ sentence, checked, told, differences }: Verification): string {
  const left = differences.length - MOST;
  return [
    sentence,
    ...checked.map((line) => `  checked: ${line}`),
    ...told.map((line) => `  told, and not recomputed: ${line}`),
    ...differences
      .slice(0, MOST)
      .map(
        ({ look, field, told: was, recomputed }) =>
          `  line ${look}, ${field}: told ${was}, recomputed ${recomputed}`,
      ),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ].join("\n");
}
