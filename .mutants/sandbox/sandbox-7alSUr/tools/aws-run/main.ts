import { EXIT } from "../../validation/outcome.ts";
import { go, takeDownLater } from "./go.ts";
import { thisMachine } from "./machine.ts";
import { HELP, readOptions } from "./options.ts";
import { planOf, planWords, tooLittle } from "./plan.ts";

/** The exit code of `npm run test:aws` with these arguments. */
export async function main(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const options = readOptions(args, environment);
  if (options.kind === "help") {
    console.log(HELP);
    return EXIT.done;
  }
  if (options.kind === "dryRun") {
    const plan = planOf(options.steps, options.limits);
    console.log("Dry-run: nothing is made and nobody is asked. `--go` does it, `--help` says how.\n");
    console.log(planWords(plan, options.limits));
    const problem = tooLittle(plan, options.limits);
    if (problem === undefined) return EXIT.done;
    console.log(`\nIt would be refused: ${problem}`);
    return EXIT.usage;
  }
  const machine = thisMachine(options.region, environment);
  return options.kind === "go" ? go(options, machine) : takeDownLater(options, machine);
}
