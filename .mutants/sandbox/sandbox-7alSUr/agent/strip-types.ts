import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";

/** Of the product's own modules: `.ts` in a checkout, `.js` where the package is installed. */
export const OWN_ENDING = extname(import.meta.filename);

/** A module of the product as JavaScript, line by line: for places whose Node runs no TypeScript. */
export function javaScriptOf(path: string): string {
  const source = readFileSync(path, "utf8");
  return path.endsWith(".ts") ? withoutTypes(source) : source;
}

function withoutTypes(source: string): string {
  const { emitWarning } = process;
  // Node warns at each use that the function is experimental, which Pulumi would show with every update.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
