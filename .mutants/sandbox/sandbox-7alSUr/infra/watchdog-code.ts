import { dirname, join } from "node:path";
import { javaScriptOf, OWN_ENDING } from "../agent/strip-types.ts";

const root = join(import.meta.dirname, "..");

/**
 * The files of the watchdog's function by path, as JavaScript: its entry and what that imports of this repository.
 * Everything else is in Lambda's runtime. Lambda runs no TypeScript (Lambda developer guide, "Building Lambda functions
 * with TypeScript"), so the types are taken out here and the specifiers follow.
 */
export function watchdogCode(entry = "watchdog/lambda"): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const waiting = [`${entry}${OWN_ENDING}`];
  for (const file of waiting) {
    const name = asModule(file);
    if (files.has(name)) continue;
    const source = javaScriptOf(join(root, file));
    const own = [...source.matchAll(OWN_IMPORT)].map(([, , specifier = ""]) =>
      join(dirname(file), specifier),
    );
    waiting.push(...own);
    files.set(
      name,
      source.replaceAll(
        OWN_IMPORT,
        (_, before: string, specifier: string) => `${before}"${asModule(specifier)}"`,
      ),
    );
  }
  return files;
}

const OWN_IMPORT = /((?:from|import)\s*\(?\s*)"(\.[^"]+)"/g;
// Lambda takes a file for an ES module by this ending alone.
const asModule = (path: string) => path.replace(/\.[jt]s$/, ".mjs");
