/** Writes the parts of the documents that are made from the contract, and what is drawn from measurements. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alarmIndex } from "./alarm-files.ts";
import type { GeneratedFile } from "./documents.ts";
import { gateIndex, gateNames } from "./gate-files.ts";
import { protocolIndex, protocolNames } from "./protocol-files.ts";
import { registryIndex } from "./registry-files.ts";
import { sourceIndex } from "./source-files.ts";
import { verbIndex } from "./verb-index.ts";

const root = join(import.meta.dirname, "..");
const write = (path: string, content: string) => writeFileSync(join(root, path), content);
// First the indexes, and only then what reads them: a file that is new or gone must not be read by an old one.
write("contract/alarms/all.ts", alarmIndex());
write("validation/gates/all.ts", gateIndex());
write("validation/protocols/all.ts", protocolIndex());
write("validation/registries/all.ts", registryIndex());
write("validation/signals/sources/all.ts", sourceIndex());
write("cli/verbs/all.ts", verbIndex());
const { ALL_GATES } = await import("../validation/gates/all.ts");
write("contract/alarms/gates.ts", gateNames(ALL_GATES));
const { ALL_PROTOCOLS } = await import("../validation/protocols/all.ts");
write("contract/config/protocol-names.ts", protocolNames(ALL_PROTOCOLS));
const { committedResult, MARKS, withGenerated } = await import("./documents.ts");
const { plotsOf } = await import("./bench/decision/plots.ts");
const { withHarmedSentence } = await import("./bench/decision/published.ts");

// Object.keys is typed as string[]; the table is constant, so its keys are exactly GeneratedFile.
for (const file of Object.keys(MARKS) as GeneratedFile[]) {
  const path = join(root, file);
  const before = readFileSync(path, "utf8");
  const after = withGenerated(file, before);
  if (after !== before) writeFileSync(path, after);
  console.log(`${file}: ${after === before ? "up to date" : "written"}`);
}
const { SUITE_SCHEMA_FILE, suiteSchemaText } = await import("./suite-schema.ts");
mkdirSync(join(root, "docs", "schemas"), { recursive: true });
write(SUITE_SCHEMA_FILE, suiteSchemaText());
const plots = join(root, "docs", "decision");
mkdirSync(plots, { recursive: true });
for (const [name, content] of Object.entries(plotsOf(committedResult())))
  writeFileSync(join(plots, name), content);
const readme = join(root, "README.md");
writeFileSync(readme, withHarmedSentence(readFileSync(readme, "utf8"), committedResult()));
