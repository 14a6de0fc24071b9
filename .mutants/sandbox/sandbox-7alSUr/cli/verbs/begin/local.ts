import { resolve } from "node:path";
import { positive, whole } from "../../arguments.ts";
import { latePointsOf } from "../../local/late-points.ts";
import { localPlace } from "../../local/place.ts";
import { publishLags } from "../../local/publish-lag.ts";
import { defineVerb } from "../define.ts";

const DEFAULT_PORT = 4777;

export const definition = defineVerb({
  usage: "local",
  about: "run the local cloud until Ctrl-C",
  works: "alone",
  order: 20,
  declare: (command) => {
    command
      .option("--port <port>", "port of its AWS APIs on 127.0.0.1 (0: any)", whole(0, 65_535), DEFAULT_PORT)
      .option("--speed <factor>", "virtual seconds per real second", positive, 1)
      .option(
        "--publish-lag <seconds>",
        "how late metrics can be read, in virtual seconds; of single ones by name: 60,RequestCount=180",
        publishLags,
        { publishLagSeconds: 0 },
      )
      .option(
        "--late-points <points>",
        "single datapoints later than that, or in part first: late=0.05:180,revised=0.05:0.5:180 (packages/local-cloud/README.md)",
        latePointsOf,
      )
      .option(
        "--authorize [stacks]",
        "each call needs a permission of its role: docs/iam.md. Of these stacks, too (commas between), as <stack>-deploy",
      )
      .option(
        "--images <file>",
        "which command stands for which image (default: images.local.json; packages/local-cloud/README.md)",
      )
      .option("--api-rates", "AWS's limits on the rate of calls hold", false)
      .option("--awsx-provider <directory>", "a real awsx provider for the Pulumi CLI: docs/engines.md")
      .option(
        "--traffic <number>",
        "requests a minute to its stack, from the golden set; also to a local cloud that runs already",
        whole(1, 60_000),
      )
      .option("--join <checkout>", "use the local cloud that runs in another checkout, and start none")
      .action(async ({ publishLag, authorize, join, ...rest }) => {
        if (join !== undefined) {
          const { joinLocal } = await import("../../actions/local-join.ts");
          process.stdout.write(await joinLocal(localPlace(), resolve(join)));
          return;
        }
        const { local, welcome } = await import("../../actions/local.ts");
        const others = typeof authorize === "string" ? authorize.split(",") : [];
        const options = { ...rest, ...publishLag, authorize: authorize && others };
        await local(localPlace(), options, welcome);
      });
    command
      .command("env")
      .description("how the AWS CLI and boto3 reach the local cloud: exports for this shell")
      .option("--json", "the same as JSON, with the token of everything that is no API of AWS", false)
      .action(async ({ json }) => {
        const { localEnv } = await import("../../actions/local-env.ts");
        process.stdout.write(await localEnv(localPlace(), json));
      });
  },
});
