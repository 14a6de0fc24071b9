/** Writes docs/schemas/ from the types of cli/results.ts: `npm run generate:schemas`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resultSchemas, root } from "./result-schemas.ts";

rmSync(join(root, "docs", "schemas"), { recursive: true, force: true });
for (const [file, text] of resultSchemas()) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
