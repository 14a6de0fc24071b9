import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { isRecord } from "../../contract/config/field.ts";

/** The product's own tree: the checkout, or `dist/` of the installed package, which is laid out alike. */
export const OWN_TREE = join(import.meta.dirname, "..", "..");
const ending = extname(import.meta.filename);
/** Node strips no types below node_modules (nodejs.org/api/typescript.html), so what is installed is JavaScript. */
export const isInstalled = ending === ".js";

/** Where a module of the product is that a process of its own starts with; `path` without its ending. */
export const ownModule = (path: string): string => join(OWN_TREE, `${path}${ending}`);

/** Of the package; what is installed has its code one folder deeper. */
export function ownVersion(): string {
  const path = join(OWN_TREE, isInstalled ? ".." : "", "package.json");
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isRecord(manifest) ? String(manifest["version"]) : "unknown";
}
