import { whole } from "../../arguments.ts";
import { defineVerb } from "../define.ts";

export const definition = defineVerb({
  usage: "judge [file]",
  about:
    "whether a deployment that ECS, Argo Rollouts or Flagger moves goes on; needs no stack (docs/fleet/judge.md)",
  works: "alone",
  order: 255,
  isSeldom: true,
  ends: ["evidenceMissing", "rolledBack"],
  declare: (command) =>
    command
      .option("--json", "verdict and numbers as one JSON object on standard output", false)
      .option("--region <region>", "where its metrics are (default: AWS_REGION)")
      .option("--listen <port>", "answer Argo Rollouts and Flagger over HTTP (0: any port)", whole(0, 65_535))
      .option("--host <address>", "with --listen: the address to listen at", "127.0.0.1")
      .option("--ecs-continue <arn>", "answer the PAUSE hook of this ECS service deployment")
      .option("--lambda <directory>", "write the function for a Lambda hook of ECS into a new directory")
      .action(async (file: string | undefined, options) => {
        const { judge } = await import("../../actions/judge.ts");
        await judge(file, options);
      }),
});
