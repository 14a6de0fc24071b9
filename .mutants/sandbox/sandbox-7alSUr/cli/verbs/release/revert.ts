import { Option } from "commander";
import { slotArgument } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "revert",
  about: "all traffic back, in seconds, from any state",
  works: "writes",
  order: 80,
  ends: ["needsPerson", "rolledBack"],
  declare: (command, startedWallMs) =>
    command
      .option("--reason <text>", "for the audit log", "reverted manually")
      .option("--wait", "wait until the slot that lost its users is drained", false)
      .addOption(
        new Option("--route <arn>", "the route, when nothing else finds it").env("BLUEGREEN_ROUTE_ARN"),
      )
      .option("--to <slot>", "who shall have everyone (default: as the route's tags say)", slotArgument)
      .action(async (options) => {
        const { runFlow } = await import("../../flow.ts");
        const { revert } = await import("../../../validation/rollback/revert.ts");
        const { route, to, reason, wait } = options;
        await runFlow({ ...options, tellsAgain: true, byRoute: { arn: route } }, "writes", (context) =>
          revert(context, { routeArn: route, to, reason, wait, startedWallMs }),
        );
      }),
});
