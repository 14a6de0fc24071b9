import { resolve } from "node:path";
import type { Context } from "../../../validation/ports.ts";
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
      .action(async (options) => {
        const [{ notes, runFlow }, { testCandidate }, { testTools }, { showTest }, { keepReports }] =
          await Promise.all([
            import("../../flow.ts"),
            import("../../../validation/suite/test-candidate.ts"),
            import("../../../validation/adapters/test-route.ts"),
            import("../../view/suite.ts"),
            import("../../suite-files.ts"),
          ]);
        const golden = options.golden === undefined ? undefined : resolve(options.golden);
        const flow = async (context: Context) => {
          const outcome = await testCandidate(context, testTools(localPlace().root, notes(context)), {
            golden,
          });
          await keepReports(outcome, options);
          return outcome;
        };
        await runFlow(options, "writes", flow, showTest);
      }),
});
