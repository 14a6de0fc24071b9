import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "doctor",
  about:
    "is everything in place? Node, engine, account, quotas, certificate, images, alarms, jobs, protection",
  works: "reads",
  order: 230,
  ends: ["needsPerson", "evidenceMissing"],
  declare: (command) =>
    command
      .option(
        "--jobs",
        "only what jobs of GitHub need, as the checkout tells: secrets without a passphrase, runners",
      )
      .option(
        "--throwaway",
        "this stack may be thrown away: what is unprotected is said, and no fault",
        false,
      )
      .action(async (options) => {
        const { doctor } = await import("../../actions/doctor.ts");
        await doctor(options);
      }),
});
