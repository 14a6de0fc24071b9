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
      .option("--only <check...>", "make these checks alone; nothing is stored")
      .option("--dry-run", "say what would be asked, and about how long it takes")
      .action(async (options) => {
        const [
          { notes, runFlow },
          { testCandidate },
          { planTest },
          { testTools },
          { showTest, showTestPlan },
        ] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/suite/test-candidate.ts"),
          import("../../../validation/suite/dry-run.ts"),
          import("../../../validation/adapters/test-route.ts"),
          import("../../view/suite.ts"),
        ]);
        const golden = options.golden === undefined ? undefined : resolve(options.golden);
        const { only } = options;
        const asked = { golden, ...(only === undefined ? {} : { only }) };
        const tools = (context: Context) => testTools(localPlace().root, notes(context));
        if (options.dryRun === true) {
          await runFlow(
            options,
            "writes",
            (context) => planTest(context, tools(context), asked),
            showTestPlan,
          );
          return;
        }
        const flow = (context: Context) => testCandidate(context, tools(context), asked);
        await runFlow(options, "writes", flow, showTest);
      }),
});
