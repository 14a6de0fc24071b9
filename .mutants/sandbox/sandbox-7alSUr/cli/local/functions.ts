import { localCredentials, type LocalKeys } from "../../packages/local-cloud/access/address.ts";
import type { Clock } from "../../packages/local-cloud/clock.ts";
import type { LocalFunction } from "../../packages/local-cloud/functions.ts";
import { run } from "../../watchdog/lambda.ts";

// A function waits for calls, and these take the machine's time, however fast the clock is.
const LEAST_WAIT_MS = 500;

/** The code of the stack's Lambda functions on the local cloud, by handler: the same that is deployed to AWS. */
export function localFunctions(cloud: {
  readonly url: string;
  readonly region: string;
  readonly keys: LocalKeys;
  readonly clock: Clock;
}): Readonly<Record<string, LocalFunction>> {
  const { url: endpoint, region, keys, clock } = cloud;
  const now = clock.now;
  const wait = (ms: number) =>
    new Promise<void>((resolve) => void clock.after(Math.max(ms, LEAST_WAIT_MS * clock.speed), resolve));
  const credentials = localCredentials(keys, "watchdog");
  return {
    "watchdog/lambda.handler": async (event, { environment, log }) => {
      await run(event, { environment, now, wait, log, client: { region, endpoint, credentials } });
    },
  };
}
