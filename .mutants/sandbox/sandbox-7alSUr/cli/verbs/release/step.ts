import type { Context } from "../../../validation/ports.ts";
import type { Journal } from "../../journal.ts";
import type { ModelTarget } from "../../model-target.ts";
import { evidenceOption } from "../options.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "step",
  about: "one look at the running release, and what follows from it",
  works: "writes",
  order: 60,
  isSeldom: true,
  ends: ["needsPerson", "evidenceMissing", "rolledBack"],
  declare: (command) =>
    command
      .option(
        "--watch",
        "give the candidate no more users by it; a failing one is rolled back all the same",
        false,
      )
      .addOption(evidenceOption())
      .action(async (options) => {
        const [{ runFlow }, { step }, { keepEvidence }, { stepForMachines }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/rollout/step.ts"),
          import("../../evidence.ts"),
          import("../../../validation/report/for-machines.ts"),
        ]);
        const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
        const flow = async (context: Context, _: ModelTarget, journal: Journal) => {
          const outcome = await step(context, { ...once, watchOnly: options.watch, looked: journal.looked });
          await keepEvidence(await journal.recordOf(outcome), options.evidence);
          return outcome;
        };
        await runFlow(options, "writes", flow, undefined, stepForMachines);
      }),
});
