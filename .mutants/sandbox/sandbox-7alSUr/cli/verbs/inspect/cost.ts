import { join } from "node:path";
import { amount } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "cost",
  about: "what this stack and its standby cost a month, from a table of prices with its date",
  works: "reads",
  order: 220,
  isSeldom: true,
  declare: (command) =>
    command
      .option("--lcu <number>", "load balancer capacity units on average", amount, 1)
      .option("--log-gb <GB>", "logs of a month", amount, 5)
      .option("--nat-gb <GB>", "data through NAT gateways in a month", amount, 10)
      .option("--releases <number>", "releases in a month", amount, 10)
      .action(async (options) => {
        const [{ runFlow }, { cost }, { checkoutConfig }, { showCost }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/insight/cost.ts"),
          import("../../../validation/adapters/pulumi/checkout-config.ts"),
          import("../../view/cost.ts"),
        ]);
        const { lcu, logGb, natGb, releases } = options;
        await runFlow(
          options,
          "reads",
          ({ stack, store }, target) => {
            const region = target.kind === "aws" ? target.region : target.cloud.region;
            const checkout = () =>
              checkoutConfig(join(target.directory, `Pulumi.${stack}.yaml`), target.project, target.model);
            return cost({ store, checkout, region }, { lcu, logGb, natGb, releases });
          },
          showCost,
        );
      }),
});
