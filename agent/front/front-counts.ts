import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { AgentClock } from "../clock.ts";
import type { Amounts, Counts } from "../lines/counts.ts";
import { ANSWERS, STREAMS } from "../lines/groups.ts";
import type { CountGroup } from "../lines/groups.ts";
import { matchingPath } from "./paths.ts";
import { formatOf } from "./pieces.ts";
import type { FrontSetup } from "./setup.ts";
import { StreamWatch } from "./stream-watch.ts";
import type { StreamVerdict } from "./stream-watch.ts";
import type { Users } from "./users.ts";

/** What is counted of users' requests, altogether and for each path that is named. */
export class FrontCounts {
  private readonly setup: FrontSetup;
  private readonly clock: AgentClock;
  private readonly counts: Counts;
  private readonly users: Users | undefined;

  constructor(setup: FrontSetup, clock: AgentClock, counts: Counts, users: Users | undefined) {
    this.setup = setup;
    this.clock = clock;
    this.counts = counts;
    this.users = users;
  }

  /** Follows the answer if it is a stream. */
  watchOf(
    answer: IncomingMessage,
    path: string,
    startedMs: number,
    onVerdict: (isBroken: boolean) => void,
  ): StreamWatch | undefined {
    const { streams } = this.setup;
    const { statusCode = 0, headers } = answer;
    // Whatever else is a failure that the load balancer counts.
    if (statusCode < 200 || statusCode > 299) return undefined;
    const isNamed = matchingPath(path, streams.paths) !== undefined;
    const format = formatOf(headers["content-type"] ?? "", headers["content-encoding"] ?? "", isNamed);
    if (format === undefined) return undefined;
    const times = { startedMs, nowMs: this.clock.now() };
    return new StreamWatch(format, streams, times, (verdict) => {
      onVerdict(isBroken(verdict));
      this.add(STREAMS, streamAmounts(verdict), path);
    });
  }

  answered(headers: IncomingHttpHeaders, path: string, status: number, isBrokenOff: boolean): void {
    const isRefusal = status >= 400 && status <= 499;
    this.add(ANSWERS, { Answers: 1, Refusals: isRefusal ? 1 : 0 }, path);
    this.users?.answered(headers, status >= 500 || isBrokenOff, this.clock.now());
  }

  /** The client went away before there was an answer. */
  gaveUp(path: string): void {
    this.add(undefined, { GaveUp: 1 }, path);
  }

  private add(group: CountGroup | undefined, amounts: Amounts, path: string): void {
    const nowMs = this.clock.now();
    this.counts.add(nowMs, group, amounts);
    const named = matchingPath(path, this.setup.paths);
    if (named !== undefined) this.counts.add(nowMs, group, amounts, named);
  }
}

const isBroken = ({ isCut, isStalled, isEmpty }: StreamVerdict) => isCut || isStalled || isEmpty;

function streamAmounts(verdict: StreamVerdict): Amounts {
  const one = (is: boolean) => (is ? 1 : 0);
  return {
    Streams: 1,
    CutStreams: one(verdict.isCut),
    StalledStreams: one(verdict.isStalled),
    EmptyStreams: one(verdict.isEmpty),
    BrokenStreams: one(isBroken(verdict)),
    SlowFirstTokens: one(verdict.isFirstTokenSlow),
    Tokens: verdict.tokens,
  };
}
