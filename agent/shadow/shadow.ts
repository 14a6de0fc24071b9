import { isClearlySlower } from "../../contract/signals/agent-counts.ts";
import type { AgentClock } from "../clock.ts";
import { headersWithout } from "../front/headers.ts";
import { HAD_USERS } from "../front/setup.ts";
import type { Counts } from "../lines/counts.ts";
import { SHADOW_PAIRS, SHADOW_REQUESTS, SHADOW_SAMPLED } from "../lines/groups.ts";
import { ask } from "./ask.ts";
import type { AskedRequest, ShadowAnswer } from "./ask.ts";
import { isSame, saidIn } from "./same.ts";
import type { ComparedAnswer } from "./same.ts";
import type { ShadowSetup } from "./setup.ts";

/** They belong to the client's way here: the load balancer writes its own on the way to the candidate. */
const OF_THE_WAY = ["host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto", "x-amzn-trace-id"];

/** What a user was answered, to be asked once more. */
export interface ShadowJob {
  readonly requestId: string;
  /** With the headers of the user: the own model is asked again with what it was asked. */
  readonly request: AskedRequest;
  readonly first: ComparedAnswer;
}

interface ShadowOptions {
  readonly setup: ShadowSetup;
  readonly modelPort: number;
  /** The header by which test rules and agents know for which slot a request is meant. */
  readonly testHeader: string;
  readonly clock: AgentClock;
  readonly counts: Counts;
  readonly write: (line: string) => void;
  readonly tell: (what: string) => void;
}

/**
 * Asks the candidate what a user has asked, and the own model a second time: how often a model disagrees with itself
 * is what the candidate's disagreement is compared with. Nobody waits for it; what is too much is dropped.
 */
export class Shadow {
  private readonly options: ShadowOptions;
  private readonly waiting: ShadowJob[] = [];
  private readonly told = new Set<string>();
  private asking = 0;
  private restsUntilMs = 0;

  constructor(options: ShadowOptions) {
    this.options = options;
  }

  /** While there is no candidate without users one request a minute finds out whether there is one by now. */
  get isResting(): boolean {
    return this.options.clock.now() < this.restsUntilMs;
  }

  offer(job: ShadowJob): void {
    const { setup, counts, clock } = this.options;
    if (this.isResting) return;
    const isFull = this.waiting.length >= setup.queue;
    counts.add(clock.now(), SHADOW_SAMPLED, { ShadowSampled: 1, ShadowDropped: isFull ? 1 : 0 });
    if (isFull) return;
    this.waiting.push(job);
    this.next();
  }

  /** Nothing of it is kept, so it cannot be asked again: what is compared are the shorter ones alone. */
  tooLarge(): void {
    const { setup, counts, clock } = this.options;
    counts.add(clock.now(), undefined, { ShadowTooLarge: 1 });
    this.tellOnce(
      `a request or its answer is longer than shadow.maxBytes (${setup.maxBytes}): its shadow is not compared. How many these are stands in the lines of counts as ShadowTooLarge`,
    );
  }

  private next(): void {
    if (this.asking >= this.options.setup.concurrency) return;
    const job = this.waiting.shift();
    if (job === undefined) return;
    this.asking += 1;
    void this.pair(job)
      .catch((error: unknown) => this.tellOnce(`a shadow request went wrong: ${String(error)}`))
      .finally(() => {
        this.asking -= 1;
        this.next();
      });
  }

  private async pair({ requestId, request, first }: ShadowJob): Promise<void> {
    const { setup, modelPort, counts, clock, write } = this.options;
    if (saidIn(first, setup.reading) === undefined) {
      return this.tellOnce("an answer has no prediction that can be read: its shadow is not compared");
    }
    const limits = { mostBytes: setup.maxBytes, timeoutMs: setup.timeoutMs };
    const toCandidate = {
      ...request,
      headers: [
        ...headersWithout(request.headers, (name) => OF_THE_WAY.includes(name)),
        ...Object.entries(setup.headers).flat(),
      ],
    };
    const model = new URL(`http://127.0.0.1:${modelPort}`);
    const [candidate, again] = await Promise.all([
      answerOf(ask(setup.url, toCandidate, limits)),
      answerOf(ask(model, request, limits)),
    ]);
    if (this.isNobody(candidate)) return this.rest();
    const hasFailed = candidate.status === undefined || candidate.status >= 500;
    // A model that refuses what it has just answered has not disagreed with itself: that it was asked again is the reason.
    const isRefused = first.status < 300 && isRefusal(again);
    const isSecond = again.status !== undefined && again.status < 500 && !isRefused;
    // One moment for both: they are held against each other minute by minute.
    const nowMs = clock.now();
    if (isRefused) {
      // It is no failure of the model's either, which would excuse one of the candidate's.
      counts.add(nowMs, undefined, { ShadowRefusedAgain: 1 });
      this.tellOnce(
        `the model answers HTTP ${again.status} when it is asked again what it has answered a user: that is compared with nothing`,
      );
    } else {
      counts.add(nowMs, SHADOW_REQUESTS, {
        ShadowRequests: 1,
        ShadowFailed: hasFailed ? 1 : 0,
        ShadowBothFailed: hasFailed && !isSecond ? 1 : 0,
      });
    }
    const differs =
      !hasFailed && candidate.answer !== undefined && !isSame(first, candidate.answer, setup.reading);
    const differsAgain = again.answer !== undefined && !isSame(first, again.answer, setup.reading);
    if (!hasFailed && isSecond) {
      counts.add(nowMs, SHADOW_PAIRS, {
        ShadowPairs: 1,
        ShadowDisagreed: differs ? 1 : 0,
        ShadowSelfDisagreed: differsAgain ? 1 : 0,
        ShadowBothDisagreed: differs && differsAgain ? 1 : 0,
        ShadowSlower: isSlower(candidate, again) ? 1 : 0,
        ShadowFaster: isSlower(again, candidate) ? 1 : 0,
      });
    }
    const shadow = {
      requestId,
      candidate: {
        ...(candidate.answer === undefined
          ? { failed: candidate.why }
          : { status: candidate.status, ms: candidate.answer.ms }),
        ...(hasFailed || isRefused ? {} : { same: !differs }),
      },
      again: isSecond ? { same: !differsAgain } : { failed: again.why ?? `HTTP ${again.status}` },
    };
    write(JSON.stringify({ shadow }));
  }

  /**
   * The idle slot is empty (the load balancer answers for it: a target's 503 has another Server), or the request came
   * to another slot than it was meant for, which agents say: what leads to the candidate has been changed. Or users have
   * come to it: what it answers is judged by them, and a standby by nobody.
   */
  private isNobody({ status, answer }: Outcome): boolean {
    const { setup, testHeader } = this.options;
    if (status === 503 && String(answer?.headers["server"]).startsWith("awselb/")) return true;
    if (answer?.headers[HAD_USERS] !== undefined) {
      this.tellOnce(
        `users have come to ${setup.headers[testHeader] ?? "the other slot"}: it is shadowed no more`,
      );
      return true;
    }
    const [meant, reached] = [setup.headers[testHeader], answer?.headers[testHeader]];
    if (meant === undefined || reached === undefined || reached === meant) return false;
    this.tellOnce(
      `shadow requests for ${meant} come to ${String(reached)}: none is compared. A deploy gives this task the new secret`,
    );
    return true;
  }

  private rest(): void {
    const { clock, setup } = this.options;
    this.restsUntilMs = clock.now() + setup.restMs;
    this.waiting.length = 0;
  }

  private tellOnce(what: string): void {
    if (!this.told.has(what)) this.options.tell(what);
    this.told.add(what);
  }
}

interface Outcome {
  readonly status: number | undefined;
  readonly answer: ShadowAnswer | undefined;
  readonly why?: string;
}

const isSlower = ({ answer: one }: Outcome, { answer: other }: Outcome) =>
  one !== undefined && other !== undefined && isClearlySlower(one.ms, other.ms);

const isRefusal = ({ status = 0 }: Outcome) => status >= 300 && status <= 499;

async function answerOf(asked: Promise<ShadowAnswer>): Promise<Outcome> {
  try {
    const answer = await asked;
    return { status: answer.status, answer };
  } catch (error) {
    // That there was no answer is the finding.
    return {
      status: undefined,
      answer: undefined,
      why: error instanceof Error ? error.message : String(error),
    };
  }
}
