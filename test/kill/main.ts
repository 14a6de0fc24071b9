/**
 * `npm run test:kill`: every verb that writes × each phase of it × what is killed with SIGKILL in it. Whatever died is
 * started again, the verb is run again, and must end as if nothing had been. Ends with 1 when anything is stranded.
 */
import { parseArgs } from "node:util";
import { amountProblem, countProblem, endOn } from "../../tools/script-options.ts";
import { VICTIMS } from "./cell.ts";
import { runMatrix } from "./run.ts";
import { renderTable, summaryOf } from "./table.ts";
import { ROWS } from "./verbs.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    /** Only verbs, phases and victims whose names match this regular expression. */
    verb: { type: "string", default: "" },
    phase: { type: "string", default: "" },
    victim: { type: "string", default: "" },
    minutes: { type: "string", default: "40" },
    lanes: { type: "string", default: "2" },
  },
});

endOn([countProblem("lanes", flags.lanes), amountProblem("minutes", flags.minutes)]);

const isWanted = (text: string, pattern: string) => new RegExp(pattern).test(text);
const planned = ROWS.filter(({ verb }) => isWanted(verb, flags.verb)).flatMap((row) =>
  row.phases
    .filter(({ name }) => isWanted(name, flags.phase))
    .flatMap((phase) =>
      VICTIMS.filter((victim) => isWanted(victim, flags.victim)).map((victim) => ({ row, phase, victim })),
    ),
);

const startedMs = performance.now();
const cells = await runMatrix(planned, {
  lanes: Number(flags.lanes),
  minutes: Number(flags.minutes),
  tell({ verb, phase, victim, outcome, seconds, why }) {
    const reason = why === "" ? "" : `: ${why}`;
    process.stderr.write(`${verb} · ${phase} · ${victim}: ${outcome} (${seconds} s)${reason}\n`);
  },
});
const seconds = Math.round((performance.now() - startedMs) / 1000);
const summary = summaryOf(cells);
console.log(flags.json ? JSON.stringify({ ...summary, seconds, cells }) : renderTable(cells, seconds));
// Standard output is one JSON object, or a text that ends with this line.
const counts = `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`;
(flags.json ? console.error : console.log)(counts);
process.exitCode = summary.failed === 0 && planned.length > 0 ? 0 : 1;
