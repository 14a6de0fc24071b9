import { resolve } from "node:path";
import type { Context } from "../../../validation/ports.ts";
import type { Journal } from "../../journal.ts";
import type { ModelTarget } from "../../model-target.ts";
import { localPlace } from "../../local/place.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "test",
  about: "pre-traffic tests of the candidate, compared with the active slot; no user sees them",
  works: "writes",
  order: 50,
  ends: ["needsPerson"],
  declare: (command) =>
    command
      .option("--golden <path>", "the golden set of this run (default: `suite.goldenSet`)")
      .option("--junit <file>", "also write the checks as JUnit's XML")
      .option("--markdown <file>", "also write the checks and the worst examples as Markdown")
      .option("--only <check...>", "make these checks alone; nothing is stored")
      .option("--dry-run", "say what would be asked, and about how long it takes")
      .action(async (options) => {
        const [{ notes, runFlow }, { testTools }, { showTest, showTestPlan }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/adapters/test-route.ts"),
          import("../../view/suite.ts"),
        ]);
        const golden = options.golden === undefined ? undefined : resolve(options.golden);
        const { only } = options;
        const asked = { golden, ...(only === undefined ? {} : { only }) };
        const tools = (context: Context) => testTools(localPlace().root, notes(context));
        if (options.dryRun === true) {
          const { planTest } = await import("../../../validation/suite/dry-run.ts");
          const flow = (context: Context) => planTest(context, tools(context), asked);
          return await runFlow(options, "writes", flow, showTestPlan);
        }
        const { testCandidate } = await import("../../../validation/suite/test-candidate.ts");
        const { keepReports } = await import("../../suite-files.ts");
        const flow = async (context: Context, _: ModelTarget, journal: Journal) => {
          const outcome = await testCandidate(context, tools(context), asked);
          journal.tested(outcome);
          await keepReports(outcome, options);
          return outcome;
        };
        await runFlow(options, "writes", flow, showTest);
      }),
});
