import { stripTypeScriptTypes } from "node:module";

/** The source as JavaScript, line by line: for places whose Node runs no TypeScript. */
export function withoutTypes(source: string): string {
  const { emitWarning } = process;
  // Node warns at each use that the function is experimental, which Pulumi would show with every update.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
