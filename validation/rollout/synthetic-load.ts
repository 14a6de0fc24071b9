import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { SyntheticCount } from "../gates/synthetic-load.ts";
import type { StepOutcome } from "./step-types.ts";
import type { Clock, Deployed } from "../ports.ts";
import type { Address } from "../stack/way-in.ts";

export type { SyntheticCount } from "../gates/synthetic-load.ts";

/** Sends one request; whether it was answered well (with a 200). Never rejects. */
export type SendSynthetic = () => Promise<boolean>;
/** Makes ready to send to the model there. Throws UserError when the golden set cannot be read, or nobody can call it. */
export type OpenSynthetic = (config: StackConfig, address: Address) => Promise<SendSynthetic>;

/** The synthetic load of one rollout. */
export interface Load {
  /** undefined: the policy wants none. */
  readonly count: (() => SyntheticCount) | undefined;
  /** Begins with the candidate's first share. */
  follow(outcome: StepOutcome): void;
  /** Sends no more, and waits for the answers that are still out. */
  stop(): Promise<void>;
}

const NONE: Load = { count: undefined, follow: () => {}, stop: async () => {} };
const TICK_MS = 1_000;
/** More open requests than this are a model that hangs; sending more would only hide that. */
const MOST_OPEN = 200;

/** The load that the policy asks for, not begun yet. The rate is in the cloud's minutes. */
export async function openLoad(
  clock: Pick<Clock, "now" | "sleep">,
  { config, outputs }: Deployed,
  open: OpenSynthetic | undefined,
): Promise<Load> {
  const policy = config.rollout.syntheticLoad;
  if (policy === undefined || open === undefined) return NONE;
  const send = await open(config, outputs);
  let running: ReturnType<typeof startLoad> | undefined;
  return {
    count: () => running?.count() ?? { sent: 0, failed: 0 },
    follow({ release }) {
      const hasUsers = release !== undefined && (release.state === "running" || release.state === "paused");
      if (hasUsers) running ??= startLoad(clock, policy.requestsPerMinute, send);
    },
    stop: async () => running?.stop(),
  };
}

/** Sends at a fixed rate, whether or not earlier requests were answered: a closed loop would hide queueing. */
export function startLoad(
  clock: Pick<Clock, "now" | "sleep">,
  requestsPerMinute: number,
  send: SendSynthetic,
) {
  const startMs = clock.now();
  const open = new Set<Promise<void>>();
  let planned = 0;
  let sent = 0;
  let failed = 0;
  const stopping = new AbortController();
  const sendOne = async () => {
    sent += 1;
    if (!(await send())) failed += 1;
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      const due = Math.floor(((clock.now() - startMs) / 60_000) * requestsPerMinute);
      // What could not be sent in time is left out: a burst afterwards would be a load of its own.
      const now = Math.min(due - planned, MOST_OPEN - open.size);
      planned = due;
      for (let i = 0; i < now; i += 1) {
        const one = sendOne().finally(() => open.delete(one));
        open.add(one);
      }
      await clock.sleep(TICK_MS);
    }
  };
  void run();
  return {
    count: (): SyntheticCount => ({ sent, failed }),
    async stop() {
      stopping.abort();
      await Promise.all(open);
    },
  };
}
