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
      .action(async (options) => {
        const [{ notes, runFlow }, { testCandidate }, { testTools }, { showTest }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/suite/test-candidate.ts"),
          import("../../../validation/adapters/test-route.ts"),
          import("../../view/suite.ts"),
        ]);
        const golden = options.golden === undefined ? undefined : resolve(options.golden);
        const flow = (context: Context) =>
          testCandidate(context, testTools(localPlace().root, notes(context)), { golden });
        await runFlow(options, "writes", flow, showTest);
      }),
});
