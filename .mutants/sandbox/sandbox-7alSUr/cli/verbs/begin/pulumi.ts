import { localPlace } from "../../local/place.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "pulumi",
  about: "Pulumi's commands on the local stack, by its CLI or by the embedded engine",
  works: "alone",
  brief: "Pulumi's commands on the local stack",
  order: 30,
  declare: (command) =>
    command
      .argument("[arguments...]")
      .allowUnknownOption()
      .helpOption(false)
      .action(async (args: string[]) => {
        const { pulumi } = await import("../../actions/pulumi.ts");
        process.exitCode = await pulumi(localPlace(), args);
      }),
});
