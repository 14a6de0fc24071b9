import type { LocalFunction } from "../../local/functions.ts";
import { run } from "../../watchdog/lambda.ts";

/** The code of the stack's Lambda functions on the local cloud, by handler: the same that is deployed to AWS. */
export function localFunctions(cloud: {
  readonly url: string;
  readonly region: string;
  readonly now: () => number;
}): Readonly<Record<string, LocalFunction>> {
  const { url: endpoint, region, now } = cloud;
  // The local cloud checks no signature; the SDK only wants something to sign with.
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return {
    "watchdog/lambda.handler": async (event, { environment, log }) => {
      await run(event, { environment, now, log, client: { region, endpoint, credentials } });
    },
  };
}
