/** Writes `operations/index.ts` and `operations/README.md` anew from the files of the operations. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const FOLDER = join(import.meta.dirname, "operations");
export const INDEX = join(FOLDER, "index.ts");
export const DOCUMENT = join(FOLDER, "README.md");

/** Every file below the folder but the index is one operation, its default export. */
export function operationsIndex(): string {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && file !== "index.ts")
    .toSorted();
  const nameOf = (file: string) =>
    file.replace(/\.ts$/, "").replaceAll(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
  return [
    "// Generated from the files below this folder: `npm run generate -w packages/local-cloud`.",
    'import type { DefinedOperation } from "../aws-api/define-operation.ts";',
    ...files.map((file) => `import ${nameOf(file)} from "./${file}";`),
    "",
    "export const OPERATIONS: readonly DefinedOperation[] = [",
    ...files.map((file) => `  ${nameOf(file)},`),
    "];",
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(INDEX, operationsIndex());
  // Not before: it reads what is in the index.
  const { operationsDocument } = await import("./operations-table.ts");
  writeFileSync(DOCUMENT, operationsDocument());
}
