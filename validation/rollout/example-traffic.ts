import { serviceOf } from "../../contract/config/model-service.ts";
import { SLOTS } from "../../contract/slot.ts";
import { UserError } from "../errors.ts";
import type { Clock, Deployed } from "../ports.ts";
import { startLoad, type OpenSynthetic, type SyntheticCount } from "./synthetic-load.ts";

export interface TrafficOptions {
  /** In the cloud's minutes. */
  readonly requestsPerMinute: number;
  readonly open: OpenSynthetic;
  /** Looked at every few seconds of the machine's clock. */
  readonly goesOn: () => boolean;
  readonly tell: (line: string) => void;
}

/** Ten looks of the machine's clock: time enough for a person to see that it follows a new stack. */
const LOOK_EVERY_MS = 2_000;

/** undefined: nobody knows how the model is asked, because it does not answer yet; any other mistake stays one. */
async function openOrWait<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof UserError && error.code === "BG186") return undefined;
    throw error;
  }
}

/**
 * Users for a stack that has none: requests from its golden set through its load balancer, at a fixed rate, until
 * `goesOn` says no. Waits for the stack, and follows one that was made anew. Throws UserError when the golden set cannot
 * be read.
 */
export async function sendTraffic(
  clock: Pick<Clock, "now" | "sleep">,
  wait: (realMs: number) => Promise<unknown>,
  deployedNow: () => Promise<Deployed | undefined>,
  { requestsPerMinute, open, goesOn, tell }: TrafficOptions,
): Promise<SyntheticCount> {
  let load: ReturnType<typeof startLoad> | undefined;
  let target = "";
  let said = "";
  const before = { sent: 0, failed: 0 };
  const say = (line: string) => {
    if (line !== said) tell(line);
    said = line;
  };
  const end = async () => {
    const { sent = 0, failed = 0 } = load?.count() ?? {};
    before.sent += sent;
    before.failed += failed;
    await load?.stop();
    load = undefined;
  };
  while (goesOn()) {
    const deployed = await deployedNow().catch(() => undefined);
    if (deployed === undefined && load === undefined) {
      say("traffic: the stack is not up yet, and gets it as soon as it is: npx bluegreen pulumi up");
    }
    const now = deployed === undefined ? target : targetOf(deployed);
    if (deployed !== undefined && now !== target) {
      await end();
      const ask = await openOrWait(() => open(deployed.config, deployed.outputs));
      if (ask === undefined) say("traffic: no model answers there yet; it gets it as soon as one does");
      else {
        load = startLoad(clock, requestsPerMinute, ask);
        say(`traffic: ${requestsPerMinute} requests a minute of the golden set to ${placeOf(deployed)}`);
        target = now;
      }
    }
    await wait(LOOK_EVERY_MS);
  }
  await end();
  tell(`traffic: ${before.sent} requests sent, ${before.failed} not answered well`);
  return before;
}

/** For people. */
const placeOf = ({ config, outputs }: Deployed) =>
  `${outputs.url}${config.suite.goldenSet === undefined ? "" : ` (${config.suite.goldenSet})`}`;

/** All that the requests depend on: where they go, and how both slots are asked. */
function targetOf(deployed: Deployed): string {
  const { config } = deployed;
  const ways = SLOTS.map((slot) => {
    const { servingProtocol, modelName, predictPath, customProtocol } = serviceOf(config, slot);
    return [servingProtocol, modelName, predictPath, customProtocol];
  });
  return JSON.stringify([placeOf(deployed), config.activeSlot, config.suite.predictPath, ways]);
}
