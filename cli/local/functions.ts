import type { LocalFunction } from "../../local/functions.ts";
import { run } from "../../watchdog/lambda.ts";

/** The code of the stack's Lambda functions on the local cloud, by handler: the same that is deployed to AWS. */
export function localFunctions(cloud: {
  readonly url: string;
  readonly region: string;
  readonly now: () => number;
}): Readonly<Record<string, LocalFunction>> {
  const { url: endpoint, region, now } = cloud;
  // The local cloud checks no signature. With `--authorize` it takes the name of a role as its access key.
  const credentials = { accessKeyId: "watchdog", secretAccessKey: "local" };
  return {
    "watchdog/lambda.handler": async (event, { environment, log }) => {
      await run(event, { environment, now, log, client: { region, endpoint, credentials } });
    },
  };
}
