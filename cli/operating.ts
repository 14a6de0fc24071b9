import { join } from "node:path";
import { InvalidArgumentError, type Command } from "commander";

type AddVerb = (nameAndArguments: string, description: string) => Command;

/** The verbs of whoever runs a stack: how it stands, what it costs, and whether everything is in place. */
export function addOperatingVerbs(add: AddVerb): void {
  addStatus(add);
  addCost(add);
  add(
    "doctor",
    "is everything in place? Node, engine, account, quotas, certificate, images, alarms, jobs, protection",
  )
    .option(
      "--jobs",
      "only what jobs of GitHub need, as the checkout tells: secrets without a passphrase, runners",
    )
    .option("--throwaway", "this stack may be thrown away: what is unprotected is said, and no fault", false)
    .action(async (options) => {
      const { doctor } = await import("./verbs/doctor.ts");
      await doctor(options);
    });
}

function addStatus(add: AddVerb): void {
  add("status", "slots, shares, alarms, drift, and what to do next").action(async (options) => {
    const [{ runFlow }, { status }, { showStatus }, { openRunRecords, stateDirectory }, { leadsOf }] =
      await Promise.all([
        import("./flow.ts"),
        import("../validation/insight/status.ts"),
        import("./view/status.ts"),
        import("../validation/adapters/processes/records.ts"),
        import("../validation/adapters/way-in.ts"),
      ]);
    const { fateOfRun } = openRunRecords(stateDirectory());
    await runFlow(options, "reads", (context) => status(context, { fateOfRun, leadsOf }), showStatus);
  });
}

function addCost(add: AddVerb): void {
  add("cost", "what this stack and its standby cost a month, from a table of prices with its date")
    .option("--lcu <number>", "load balancer capacity units on average", amount, 1)
    .option("--log-gb <GB>", "logs of a month", amount, 5)
    .option("--nat-gb <GB>", "data through NAT gateways in a month", amount, 10)
    .option("--releases <number>", "releases in a month", amount, 10)
    .action(async (options) => {
      const [{ runFlow }, { cost }, { checkoutConfig }, { showCost }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/insight/cost.ts"),
        import("../validation/adapters/pulumi/checkout-config.ts"),
        import("./view/cost.ts"),
      ]);
      const { lcu, logGb, natGb, releases } = options;
      await runFlow(
        options,
        "reads",
        ({ stack, store }, target) => {
          const region = target.kind === "aws" ? target.region : target.cloud.region;
          const checkout = () =>
            checkoutConfig(join(target.directory, `Pulumi.${stack}.yaml`), target.project);
          return cost({ store, checkout, region }, { lcu, logGb, natGb, releases });
        },
        showCost,
      );
    });
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It takes a number, 0 or more.");
}
