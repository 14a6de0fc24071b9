import type { Slot } from "../../../contract/slot.ts";
import { slotArgument } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "rotate",
  about: "start tasks anew with the secrets that `service` names now, one slot after the other",
  works: "writes",
  order: 180,
  isSeldom: true,
  declare: (command) =>
    command
      .argument("[slot]", "blue or green (default: both, the one without users first)", slotArgument)
      .action(async (slot: Slot | undefined, options) => {
        const [{ runFlow }, { rotate }] = await Promise.all([
          import("../../flow.ts"),
          import("../../../validation/deploy/rotate.ts"),
        ]);
        await runFlow(options, "writes", (context) => rotate(context, { slot }));
      }),
});
