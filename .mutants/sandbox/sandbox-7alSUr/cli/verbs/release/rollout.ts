import { Option } from "commander";
import type { Context } from "../../../validation/ports.ts";
import type { Journal } from "../../journal.ts";
import { positive } from "../../arguments.ts";
import { localPlace } from "../../local/place.ts";
import { evidenceOption, formerly } from "../options.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "rollout",
  about: "step by step until promoted, rolled back, or manual action is required",
  works: "writes",
  brief: "step by step until it is promoted or rolled back",
  order: 70,
  ends: ["needsPerson", "evidenceMissing", "rolledBack"],
  declare: (command) =>
    command
      .option("--poll <seconds>", "time between two checks (default: 60; on the local cloud 5)", positive)
      // The name that `--force-ownership` had in 0.1, for the release alone.
      .addOption(new Option("--take-over").default(false).hideHelp())
      .option("--one-step", "end as soon as the release has its next share, for jobs of one step each", false)
      .option("--no-wait", "end at once when only a person can let it go on (approval, pause): exit code 10")
      .option("--skip-tests", "also without passed pre-traffic tests; the audit log says so", false)
      .addOption(formerly("--untested"))
      .addOption(evidenceOption())
      .action(async (options) => {
        const [
          { notes, runFlow },
          { rollout },
          { keepEvidence },
          { openRunRecords, stateDirectory },
          { syntheticRequests },
          { testTools },
          { rolloutForMachines },
          { atWork },
        ] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/rollout/rollout.ts"),
          import("../../evidence.ts"),
          import("../../../validation/adapters/processes/records.ts"),
          import("../../../validation/adapters/synthetic-requests.ts"),
          import("../../../validation/adapters/test-route.ts"),
          import("../../../validation/report/for-machines.ts"),
          import("../../at-work.ts"),
        ]);
        const flow = async (context: Context, journal: Journal) => {
          const outcome = await rollout(context, {
            pollMs: options.poll === undefined ? undefined : options.poll * 1000,
            skipTests: options.skipTests || options.untested === true,
            oneStep: options.oneStep,
            noWait: !options.wait,
            ownership: {
              takeOver: options.takeOver || options.forceOwnership,
              fateOfRun: openRunRecords(stateDirectory()).fateOfRun,
            },
            openSynthetic: syntheticRequests(localPlace().root, notes(context)),
            warmBy: testTools(localPlace().root, notes(context)),
            looked: journal.looked,
          });
          await keepEvidence(await journal.recordOf(outcome.last), options.evidence);
          return { ...outcome, report: await journal.conclude(outcome) };
        };
        await runFlow<Awaited<ReturnType<typeof flow>>>(
          { ...options, tellsAgain: true },
          "writes",
          (context, target, journal) => atWork(context, target, (within) => flow(within, journal)),
          withReport,
          rolloutForMachines,
        );
      }),
});

const withReport = ({
  sentence,
  report,
}: {
  readonly sentence: string;
  readonly report: string | undefined;
}) => (report === undefined ? sentence : `${sentence}\nreport: ${report}`);
