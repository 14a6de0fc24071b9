/** Writes the parts of the documents that are made from the contract, and what is drawn from measurements. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plotsOf } from "./bench/decision/plots.ts";
import { withHarmedSentence } from "./bench/decision/published.ts";
import type { GeneratedFile } from "./documents.ts";
import { gateIndex, gateNames } from "./gate-files.ts";
import { verbIndex } from "./verb-index.ts";

const root = join(import.meta.dirname, "..");
// First the indexes of gates and verbs: the documents are made from what they list.
writeFileSync(join(root, "cli", "verbs", "all.ts"), verbIndex());
writeFileSync(join(root, "validation", "gates", "all.ts"), gateIndex());
const { ALL_GATES } = await import("../validation/gates/all.ts");
writeFileSync(join(root, "contract", "alarms", "gates.ts"), gateNames(ALL_GATES));
const { committedResult, MARKS, withGenerated } = await import("./documents.ts");

// Object.keys is typed as string[]; the table is constant, so its keys are exactly GeneratedFile.
for (const file of Object.keys(MARKS) as GeneratedFile[]) {
  const path = join(root, file);
  const before = readFileSync(path, "utf8");
  const after = withGenerated(file, before);
  if (after !== before) writeFileSync(path, after);
  console.log(`${file}: ${after === before ? "up to date" : "written"}`);
}
const plots = join(root, "docs", "decision");
mkdirSync(plots, { recursive: true });
for (const [name, content] of Object.entries(plotsOf(committedResult())))
  writeFileSync(join(plots, name), content);
const readme = join(root, "README.md");
writeFileSync(readme, withHarmedSentence(readFileSync(readme, "utf8"), committedResult()));
