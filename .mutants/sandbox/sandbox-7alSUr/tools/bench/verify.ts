/**
 * `npm run bench:verify`: how many of a thousand journals and kept checks with one digit changed `verify` refuses; how
 * many it refuses by recomputing alone, when whoever changed the digit has made all digests anew; and how long a true
 * one takes. `--runs <n>`, `--seed <n>`, `--json`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { randomOf } from "../../validation/core/planning/random.ts";
import { CLASS_NAMES, classOf } from "./verify/field-class.ts";
import { forged } from "./verify/forge.ts";
import { recorded, refusal, withAnotherDigit } from "./verify/tamper.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const runs = Number(flags.runs);
const random = randomOf(Number(flags.seed));
const files = recorded();

const seconds = files.map(({ name, text }) => {
  const reason = refusal(text);
  if (reason !== undefined) throw new Error(`${name} is true, and refused: ${reason}`);
  return { name, bytes: text.length, seconds: secondsOf(text) };
});

let refused = 0;
const classes = new Map(CLASS_NAMES.map((name) => [name, { edits: 0, refused: 0 }]));
for (let run = 0; run < runs; run++) {
  const { text } = files[run % files.length] ?? { text: "" };
  const edited = withAnotherDigit(text, random);
  if (refusal(edited) !== undefined) refused += 1;
  const anew = forged(edited);
  const seen = classes.get(classOf(text, edited));
  if (seen === undefined) continue;
  seen.edits += 1;
  if (anew === undefined || refusal(anew) !== undefined) seen.refused += 1;
}

const byClass = [...classes].map(([name, counts]) => ({ class: name, ...counts }));
const byRecomputing = byClass.reduce((sum, one) => sum + one.refused, 0);
const result = {
  runs,
  refused,
  withDigestsMadeAnew: { refused: byRecomputing, byClass },
  trueOnes: seconds,
  slowestSeconds: Math.max(...seconds.map((one) => one.seconds)),
};
if (flags.json) console.log(JSON.stringify(result));
else {
  console.log(`${refused} of ${runs} with one digit changed are refused`);
  console.log(`${byRecomputing} of ${runs} when all digests were made anew:`);
  for (const one of byClass) console.log(`  ${one.refused} of ${one.edits}  ${one.class}`);
  for (const one of seconds) console.log(`${one.name}: ${one.bytes} bytes, ${one.seconds} s`);
}

/** Of the program as it is called, with the start of its process. */
function secondsOf(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  try {
    const path = join(folder, "evidence");
    writeFileSync(path, text);
    const fromMs = performance.now();
    execFileSync(process.execPath, [join(import.meta.dirname, "../../verify/main.ts"), path]);
    return Number(((performance.now() - fromMs) / 1000).toFixed(2));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
