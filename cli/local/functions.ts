import { localCredentials, type LocalKeys } from "../../contract/local-access.ts";
import type { LocalFunction } from "../../local/functions.ts";
import { run } from "../../watchdog/lambda.ts";

/** The code of the stack's Lambda functions on the local cloud, by handler: the same that is deployed to AWS. */
export function localFunctions(cloud: {
  readonly url: string;
  readonly region: string;
  readonly keys: LocalKeys;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}): Readonly<Record<string, LocalFunction>> {
  const { url: endpoint, region, keys, now, wait } = cloud;
  const credentials = localCredentials(keys, "watchdog");
  return {
    "watchdog/lambda.handler": async (event, { environment, log }) => {
      await run(event, { environment, now, wait, log, client: { region, endpoint, credentials } });
    },
  };
}
