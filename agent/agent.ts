import { atMultiples } from "./clock.ts";
import type { AgentClock } from "./clock.ts";
import type { AgentSetup } from "./config/setup.ts";
import { FrontCounts } from "./front/front-counts.ts";
import { startFront } from "./front/front.ts";
import { Taker } from "./front/taker.ts";
import { Users } from "./front/users.ts";
import { Counts } from "./lines/counts.ts";
import { embeddedLine } from "./lines/embedded.ts";
import { GPU_METRIC } from "./scrape/gauge.ts";
import { startScraper } from "./scrape/scraper.ts";
import { Shadow } from "./shadow/shadow.ts";

export interface RunningAgent {
  /** Where it stands before the model; undefined: it does not. */
  readonly port: number | undefined;
  /** Waits for the requests under way, and writes the last counts. */
  stop(): Promise<void>;
}

interface AgentOptions {
  readonly clock: AgentClock;
  readonly write: (line: string) => void;
}

/** ECS kills a container 30 s after it asked it to end (`stopTimeout`). */
const MOST_STOP_MS = 25_000;
/** Late scrapes and the last answers of a minute find their way into its line. */
const FLUSH_DELAY = 1 / 20;

export async function startAgent(setup: AgentSetup, { clock, write }: AgentOptions): Promise<RunningAgent> {
  const { identity, periodMs } = setup;
  const counts = new Counts(periodMs);
  const tell = (what: string) => write(`agent: ${what}`);
  const users = setup.front?.user === undefined ? undefined : new Users(setup.front.user, periodMs, tell);
  const flush = (untilMs: number) => {
    users?.countInto(counts, untilMs);
    for (const period of counts.take(untilMs)) {
      const line = embeddedLine(identity, period);
      if (line !== undefined) write(line);
    }
  };
  // A line of its own for each page: an average is no sum, so it cannot be counted until the minute is over.
  const gpu = (atMs: number, percent: number) => {
    const read = { startMs: atMs, path: undefined, metrics: { [GPU_METRIC]: percent }, notes: {} };
    const line = embeddedLine(identity, read, "Percent");
    if (line !== undefined) write(line);
  };
  const scraper =
    setup.scrape === undefined ? undefined : startScraper(setup.scrape, { clock, counts, gpu, tell });
  const front = setup.front === undefined ? undefined : await startBefore(setup, setup.front);
  const stopLines = atMultiples(clock, periodMs, periodMs * FLUSH_DELAY, flush);
  const parts = [
    setup.scrape && "scrape",
    setup.front && "front",
    setup.capture && "capture",
    setup.shadow && "shadow",
  ];
  tell(
    `${parts.filter(Boolean).join(", ")} for ${identity.stack}, ${identity.slot}, version ${identity.modelVersion}`,
  );
  return {
    port: front?.port,
    stop: async () => {
      scraper?.stop();
      const tooLong = new Promise<void>((resolve) => clock.after(MOST_STOP_MS, resolve));
      await Promise.race([front?.stop(), tooLong]);
      stopLines();
      flush(Infinity);
    },
  };

  function startBefore({ modelPort, shadow, capture }: AgentSetup, one: NonNullable<AgentSetup["front"]>) {
    const { testHeader, port } = one;
    const options = { modelPort, testHeader, clock, counts, write, tell };
    const shadowing =
      shadow === undefined ? undefined : { setup: shadow, shadow: new Shadow({ ...options, setup: shadow }) };
    const taker = new Taker(capture, shadowing, identity, write);
    const frontCounts = new FrontCounts(one, clock, counts, users);
    return startFront({ setup: one, port, modelPort, identity, clock, counts: frontCounts, taker });
  }
}
