import type { AllStacksOutcome } from "../../validation/insight/all-stacks.ts";

/** A line for each stack; those on the local cloud as `--stack` takes them. */
export function showAllStacks({ sentence, stacks }: AllStacksOutcome): string {
  const rows = stacks.map(({ stack, where, modelVersion, sentence: says, readable }) => [
    `${where}:${stack}`,
    modelVersion ?? "-",
    readable ? says : `! ${says}`,
  ]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const [names, versions] = [width(0), width(1)];
  const lines = rows.map(([name = "", version = "", says = ""]) =>
    `${name.padEnd(names)}  ${version.padEnd(versions)}  ${says}`.trimEnd(),
  );
  return [...lines, sentence].join("\n");
}
