/**
 * `node verify/main.ts <file>`: the same as `npx bluegreen verify <file>`, with nothing but Node and this folder. Exit
 * codes: 0 it holds, 10 it does not, 64 it is no evidence.
 */
import { readFileSync } from "node:fs";
import { NotEvidence } from "./read/json.ts";
import { shown } from "./show.ts";
import { verify } from "./verify.ts";

const [path] = process.argv.slice(2);
try {
  const found = verify(readFileSync(path ?? "", "utf8"));
  process.stdout.write(`${shown(found)}\n`);
  process.exitCode = found.holds ? 0 : 10;
} catch (error) {
  const isReadable = error instanceof NotEvidence;
  process.stderr.write(`${isReadable ? `no evidence: ${error.message}` : String(error)}\n`);
  process.exitCode = 64;
}
