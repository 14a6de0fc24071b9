import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Agent, request } from "undici";
import type { LocalKeys } from "../../../packages/local-cloud/access/address.ts";
import { resigned } from "./resign.ts";

/** A request to the local cloud's APIs, as much of it as a story needs to know it by. */
export interface Call {
  readonly path: string;
  /** `x-amz-target` of the JSON protocols: `GraniteServiceVersion20100801.DescribeAlarms`. */
  readonly operation: string;
  readonly body: string;
}
type Matches = (call: Call) => boolean;

/** A call that is on its way to the cloud, or the cloud's answer that is on its way back. */
export type Moment = "call" | "answer";

/** A call or an answer that waits in the gate. */
export interface Held {
  pass(): void;
  /** Whoever called finds the connection broken. */
  drop(): void;
}

/** A door before the local cloud's APIs: passes everything on, except for what a story wants to go wrong. */
export interface Gate {
  readonly url: string;
  /** From now on calls like this are answered with 500, without reaching the cloud; undefined: none. */
  fail(matches: Matches | undefined): void;
  /** The same as AWS answers calls beyond its rates. */
  throttle(matches: Matches | undefined): void;
  /**
   * Resolves at the next call like this: before it reached the cloud, or after the cloud has carried it out.
   * Whoever called never gets an answer.
   */
  swallow(what: Moment, matches: Matches): Promise<void>;
  /** Resolves at the first moment like this, and holds the call or its answer back until the story says what becomes of it. */
  hold(isIt: (what: Moment, call: Call) => boolean): Promise<Held>;
  /** Told of every moment of every call from now on, in order; the next one waits for it. undefined: nobody. */
  watch(watcher: ((what: Moment, call: Call) => Promise<void>) | undefined): void;
  close(): Promise<void>;
}

/** CloudWatch's JSON protocol names its service so. */
export const isCloudWatch: Matches = ({ operation }) =>
  operation.startsWith("GraniteServiceVersion20100801.");
/** A step of a process on its disk, which asks before it (support/disk-gate.ts); the cloud hears nothing of it. */
export const DISK_PATH = "/disk";
/** The engine's update of the route, which is called <model>-route (infra/route.ts). */
export const isRouteUpdate: Matches = ({ path, body }) =>
  path === "/provider/update" && /aws:lb\/listenerRule:ListenerRule::[a-z0-9-]+-route"/.test(body);

/** The query protocol says `Throttling` in XML, AWS JSON `ThrottlingException`; both with 400 and these words. */
function throttled({ operation }: Call, res: ServerResponse): void {
  const words = "Rate exceeded";
  const isJson = operation !== "";
  res.writeHead(400, { "content-type": isJson ? "application/x-amz-json-1.1" : "text/xml" });
  res.end(
    isJson
      ? JSON.stringify({ __type: "ThrottlingException", message: words })
      : `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>${words}</Message></Error></ErrorResponse>`,
  );
}

/** Opens a gate before this local cloud. */
export async function openGate(upstream: { readonly url: string } & LocalKeys): Promise<Gate> {
  const agent = new Agent();
  let isFailing: Matches | undefined;
  let isThrottled: Matches | undefined;
  let trap: { readonly what: Moment; readonly matches: Matches; readonly sprung: () => void } | undefined;
  let snare:
    | { readonly isIt: (what: Moment, call: Call) => boolean; readonly caught: (held: Held) => void }
    | undefined;
  let watcher: ((what: Moment, call: Call) => Promise<void>) | undefined;
  const springs = (what: Moment, call: Call): boolean => {
    if (trap?.what !== what || !trap.matches(call)) return false;
    trap.sprung();
    trap = undefined;
    return true;
  };

  /** Whether it may go on. */
  const admitted = async (what: Moment, call: Call): Promise<boolean> => {
    await watcher?.(what, call);
    if (snare?.isIt(what, call) !== true) return true;
    const { caught } = snare;
    snare = undefined;
    return new Promise((resolve) => caught({ pass: () => resolve(true), drop: () => resolve(false) }));
  };

  const pass = async (req: IncomingMessage, res: ServerResponse) => {
    const { method = "GET", url: path = "/", headers } = req;
    const body = await text(req);
    const call = { path, operation: String(headers["x-amz-target"] ?? ""), body };
    if (isFailing?.(call) === true) {
      res.writeHead(500, { "content-type": "application/x-amz-json-1.0" });
      res.end(JSON.stringify({ __type: "InternalServiceFault", message: "the story wants this to fail" }));
      return;
    }
    if (isThrottled?.(call) === true) return throttled(call, res);
    if (springs("call", call)) return;
    if (!(await admitted("call", call))) return void res.destroy();
    if (path === DISK_PATH) return void res.end("{}");
    const answer = await request(new URL(path, upstream.url), {
      method,
      headers: resigned({ headers, method, body }, upstream),
      body: body === "" ? null : body,
      dispatcher: agent,
    });
    const answered = await answer.body.text();
    if (springs("answer", call)) return;
    if (!(await admitted("answer", call))) return void res.destroy();
    res.writeHead(answer.statusCode, { "content-type": String(answer.headers["content-type"]) });
    res.end(answered);
  };
  const server = createServer((req, res) => {
    pass(req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    fail(matches) {
      isFailing = matches;
    },
    throttle(matches) {
      isThrottled = matches;
    },
    swallow(what, matches) {
      return new Promise((sprung) => {
        trap = { what, matches, sprung };
      });
    },
    hold(isIt) {
      return new Promise((caught) => {
        snare = { isIt, caught };
      });
    },
    watch(next) {
      watcher = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.close();
    },
  };
}
