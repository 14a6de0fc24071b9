import { Agent, createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BodyCopy } from "../capture/copy.ts";
import { atMultiples } from "../clock.ts";
import type { AgentClock } from "../clock.ts";
import type { AgentIdentity } from "../lines/embedded.ts";
import { forward, MOST_HEADER_BYTES } from "./forward.ts";
import type { Ended, Model } from "./forward.ts";
import type { FrontCounts } from "./front-counts.ts";
import { pathOf } from "./paths.ts";
import { REQUEST_ID, requestIdOf } from "./request-id.ts";
import { HAD_USERS } from "./setup.ts";
import type { FrontSetup } from "./setup.ts";
import type { StreamWatch } from "./stream-watch.ts";
import type { Taker, Takings } from "./taker.ts";
import { passUpgrade } from "./upgrade.ts";

interface FrontOptions {
  readonly setup: FrontSetup;
  readonly port: number;
  readonly modelPort: number;
  readonly identity: AgentIdentity;
  readonly clock: AgentClock;
  readonly counts: FrontCounts;
  readonly taker: Taker;
}

export interface Front {
  readonly port: number;
  /** Takes no new connection, and waits for the requests that are under way. */
  stop(): Promise<void>;
}

/** ELB guide, "Connection idle timeout": at most 4,000 s. A target that hangs up first makes a 502 of a request. */
const KEEP_ALIVE_MS = 4_010_000;
/**
 * The servers of models close idle connections after 2 s (gunicorn) or 5 s (uvicorn), and say nothing of it: ours are
 * closed before that.
 */
const MODEL_IDLE_MS = 1000;
const SWEEP_MS = 1000;

/** Stands before the model: passes on whatever comes, and counts what no load balancer counts. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { port, modelPort, clock } = options;
  const connections = new Agent({ keepAlive: true, timeout: MODEL_IDLE_MS });
  const open = new Map<StreamWatch, ServerResponse>();
  const visits: Visits = { hadUsers: false };
  let isStopping = false;
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    res.once("close", () => {
      if (isStopping) setImmediate(() => server.closeIdleConnections());
    });
    new Exchange(options, open, visits, req, res).run({ port: modelPort, connections });
  };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, maxHeaderSize: MOST_HEADER_BYTES },
    handle,
  );
  // The model says whether it wants the body.
  server.on("checkContinue", handle);
  server.on("upgrade", (req, socket, head) => passUpgrade(req, socket, head, modelPort));
  const stopSweep = atMultiples(clock, SWEEP_MS, 0, () => {
    for (const [watch, res] of open) watch.check(clock.now(), res.writableNeedDrain);
  });
  await listening(server, port);
  return {
    port: portOf(server.address()),
    stop: async () => {
      isStopping = true;
      await new Promise((resolve) => server.close(resolve));
      stopSweep();
      connections.destroy();
    },
  };
}

interface Visits {
  /** Whether a user's request has come to this task. */
  hadUsers: boolean;
}

/** One request and its answer. */
class Exchange {
  private readonly options: FrontOptions;
  private readonly visits: Visits;
  private readonly open: Map<StreamWatch, ServerResponse>;
  private readonly req: IncomingMessage;
  private readonly res: ServerResponse;
  private readonly requestId: string;
  private readonly path: string;
  private readonly isUsers: boolean;
  private readonly startedMs: number;
  private readonly takings: Takings | undefined;
  private answer: IncomingMessage | undefined;
  private watch: StreamWatch | undefined;
  private answerCopy: BodyCopy | undefined;
  private isStreamBroken = false;

  constructor(
    options: FrontOptions,
    open: Map<StreamWatch, ServerResponse>,
    visits: Visits,
    req: IncomingMessage,
    res: ServerResponse,
  ) {
    this.options = options;
    this.visits = visits;
    this.open = open;
    this.req = req;
    this.res = res;
    this.requestId = requestIdOf(req.headers);
    this.path = pathOf(req.url ?? "/");
    this.startedMs = options.clock.now();
    // The load balancer's health checks and what comes through a test rule are no users' requests.
    const isProbe = (req.headers["user-agent"] ?? "").startsWith("ELB-HealthChecker/");
    this.isUsers = !isProbe && req.headers[options.setup.testHeader] === undefined;
    this.visits.hadUsers ||= this.isUsers;
    this.takings = this.isUsers ? options.taker.of(req, this.path, this.requestId) : undefined;
  }

  run(model: Model): void {
    const { req, res, options } = this;
    const extra: Record<string, string> = {};
    const back: Record<string, string> = { [REQUEST_ID]: this.requestId };
    if (req.headers[REQUEST_ID] === undefined) extra[REQUEST_ID] = this.requestId;
    // Whoever came through a test rule is told which slot it came to.
    const { testHeader } = options.setup;
    if (req.headers[testHeader] !== undefined) {
      back[testHeader] = options.identity.slot;
      if (this.visits.hadUsers) back[HAD_USERS] = "yes";
    }
    if (this.takings !== undefined) req.on("data", this.takings.input.add);
    forward(
      req,
      res,
      model,
      { extra, back },
      {
        onAnswer: (answer) => this.answered(answer),
        onEnd: (how) => this.ended(how),
      },
    );
  }

  private answered(answer: IncomingMessage): ((piece: Buffer) => void) | undefined {
    const { clock, counts } = this.options;
    this.answer = answer;
    if (this.takings !== undefined) this.answerCopy = new BodyCopy(this.takings.mostBytes);
    if (this.isUsers) {
      this.watch = counts.watchOf(answer, this.path, this.startedMs, (isBroken) => {
        this.isStreamBroken ||= isBroken;
      });
    }
    const { watch, answerCopy } = this;
    if (watch !== undefined) this.open.set(watch, this.res);
    if (watch === undefined) return answerCopy?.add;
    return (piece) => {
      watch.piece(piece, clock.now());
      answerCopy?.add(piece);
    };
  }

  private ended(how: Ended): void {
    const { clock, counts, taker } = this.options;
    const nowMs = clock.now();
    if (this.watch !== undefined) {
      this.open.delete(this.watch);
      this.watch.end(how, nowMs);
    }
    if (!this.isUsers) return;
    const status = how === "no-answer" ? 502 : this.answer?.statusCode;
    if (status === undefined) return counts.gaveUp(this.path);
    counts.answered(this.req.headers, this.path, status, how === "broken" || this.isStreamBroken);
    if (how !== "whole" || this.takings === undefined || this.answer === undefined) return;
    taker.took(this.takings, {
      requestId: this.requestId,
      startedMs: this.startedMs,
      endedMs: nowMs,
      status,
      method: this.req.method ?? "GET",
      target: this.req.url ?? "/",
      input: this.takings.input,
      inputHeaders: this.req.headers,
      answer: this.answerCopy ?? new BodyCopy(0),
      answerHeaders: this.answer.headers,
    });
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve());
  });
}

function portOf(address: string | AddressInfo | null): number {
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("the server listens on no port");
}
