import type { DiffOutcome } from "../../validation/insight/diff.ts";

/** Markdown that reads well in a terminal, too: it becomes a comment on a pull request. */
export function showDiff({ words, refused }: DiffOutcome): string {
  const refusals = refused.map((problem) => `- **refused**: ${problem}`);
  return [...refusals, ...words.map((word) => `- ${word}`)].join("\n");
}
