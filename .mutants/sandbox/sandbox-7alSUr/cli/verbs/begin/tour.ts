import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "tour",
  about:
    "a first release on this laptop in five minutes, each command typed by you: deploy, test, rollout, revert, and a bad model",
  works: "alone",
  brief: "a first release on this laptop, in five minutes",
  order: 5,
  declare: (command) =>
    command.option("--fresh", "from the beginning, with a new local cloud", false).action(async (options) => {
      const { tour } = await import("../../tour/tour.ts");
      await tour(options);
    }),
});
