import { parseArgs } from "node:util";
import { amountProblem, countProblem, endOn, namesProblem } from "../../tools/script-options.ts";
import { fuzzAll } from "./host.ts";
import type { FuzzResult } from "./run.ts";
import { PARSERS, parserNamed } from "./table.ts";

/** `npm run fuzz`: so many seconds for each parser, or one input again. */
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    count: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "2" },
    input: { type: "string" },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});
const known = Object.keys(PARSERS);
if (values.list) {
  console.log(JSON.stringify(known));
  process.exit();
}
endOn([
  namesProblem("only", values.only, known),
  amountProblem("seconds", values.seconds),
  countProblem("count", values.count ?? "1"),
  countProblem("seed", values.seed, 0),
  countProblem("lanes", values.lanes),
]);
const names = values.only.length > 0 ? values.only : known;

if (values.input !== undefined) {
  const parser = await parserNamed(names[0] ?? "");
  console.log(await parser.take(Buffer.from(values.input, "base64")));
  process.exit();
}

const bounds = {
  seed: Number(values.seed),
  count: Number(values.count ?? Number.POSITIVE_INFINITY),
  seconds: Number(values.seconds),
};
const tell = (result: FuzzResult) => {
  if (values.json) return;
  const { name, inputs, accepted, refused, seconds, slowestMs, faults } = result;
  const numbers = `${inputs} inputs in ${seconds.toFixed(1)} s, ${accepted} taken, ${refused} refused, slowest ${slowestMs.toFixed(0)} ms`;
  console.log(`${name}: ${numbers}`);
  for (const { kind, message, input } of faults) {
    console.log(`  ${kind}: ${message}\n  npm run fuzz -- --only ${name} --input ${input.slice(0, 4000)}`);
  }
};
const lanes = Math.max(1, Math.min(Number(values.lanes), names.length));
const shares = Array.from({ length: lanes }, (_, lane) => names.filter((__, at) => at % lanes === lane));
const results = (await Promise.all(shares.map((share) => fuzzAll(share, bounds, tell)))).flat();
const faults = results.reduce((sum, one) => sum + one.faults.length, 0);
const inputs = results.reduce((sum, one) => sum + one.inputs, 0);
if (values.json)
  console.log(JSON.stringify({ parsers: results.length, inputs, faults, results }, undefined, 2));
else console.log(`${results.length} parsers, ${inputs} inputs, ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
