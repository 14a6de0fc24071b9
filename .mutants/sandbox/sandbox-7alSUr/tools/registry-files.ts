import type { Registry } from "../validation/registries/define.ts";
import { definitionFiles, listIndex } from "./definition-files.ts";

const registryFiles = () => definitionFiles("validation/registries", "defineRegistry");

/** validation/registries/all.ts: one import for each registry. */
export const registryIndex = (files: readonly string[] = registryFiles()): string =>
  listIndex(files, "REGISTRIES", "Registry");

/** The table in docs/serving/registries.md. */
export function registryTable(all: readonly Registry[]): string {
  const rows = all.map(({ reference, about }) => `| \`deploy ${reference}\` | ${about} |`);
  return ["| reference | where it is |", "|---|---|", ...rows].join("\n");
}
