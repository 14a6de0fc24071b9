import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { refusalOf } from "./admission.ts";
import { answerError, answerFixed, answerRedirect } from "./answer.ts";
import { chooseGroup } from "./choose-group.ts";
import { forward } from "./forward.ts";
import type { Outcome } from "./forward.ts";
import { requestHeaders } from "./headers.ts";
import type { RequestFacts } from "./match-rule.ts";
import { route } from "./routing-table.ts";
import type { Backend, CompiledForward, CompiledListener } from "./routing-table.ts";

export interface DataPlane {
  /** Answers one request by the listener's rules. */
  handle(listener: CompiledListener, req: IncomingMessage, res: ServerResponse): void;
  /** Counts an answer to what could not be read as a request. */
  countRefusal(listener: CompiledListener, status: number): void;
}

/** ELB guide, HTTP 460: "The client closed the connection with the load balancer". Only ever seen in metrics. */
const CLIENT_LEFT = 460;

export function createDataPlane({ clock, random }: { clock: Clock; random: () => number }): DataPlane {
  const ownError = (listener: CompiledListener, res: ServerResponse, status: number) => {
    listener.metrics.answered(clock.now(), status);
    answerError(res, status);
  };

  const forwardTo = (
    listener: CompiledListener,
    action: CompiledForward,
    path: string,
    req: IncomingMessage,
    res: ServerResponse,
  ) => {
    const nowMs = clock.now();
    const sticky = action.stickySeconds > 0;
    const pinned = sticky ? listener.cookies.read(req.headers.cookie, nowMs) : undefined;
    // ELB guide: stickiness takes precedence over weights. A group that the rule no longer names does not count.
    const backend =
      (pinned === undefined ? undefined : action.byArn.get(pinned)) ?? chooseGroup(action.groups, random);
    const send = () => {
      if (backend === undefined) ownError(listener, res, 503);
      else sendTo(listener, backend, { path, sticky: sticky ? action.stickySeconds : 0 }, req, res);
    };
    const awaited = backend?.targets.awaited();
    if (awaited === undefined) send();
    else void hold(listener, res, awaited).then((isThere) => isThere && send());
  };

  /** Whether the client is there still; what became of it otherwise is counted. */
  const hold = async (
    listener: CompiledListener,
    res: ServerResponse,
    awaited: Promise<void>,
  ): Promise<boolean> => {
    const { promise: gaveUp, resolve } = Promise.withResolvers<number>();
    const left = () => resolve(CLIENT_LEFT);
    const late = () => resolve(504);
    res.once("close", left);
    res.once("timeout", late);
    const status = await Promise.race([awaited, gaveUp]);
    res.off("close", left);
    res.off("timeout", late);
    if (status === undefined) return true;
    if (status === CLIENT_LEFT) listener.metrics.answered(clock.now(), status);
    else ownError(listener, res, status);
    return false;
  };

  const sendTo = (
    listener: CompiledListener,
    backend: Backend,
    { path, sticky }: { readonly path: string; readonly sticky: number },
    req: IncomingMessage,
    res: ServerResponse,
  ) => {
    const nowMs = clock.now();
    const target = backend.targets.next();
    if (target === undefined) {
      ownError(listener, res, 503);
      return;
    }
    backend.totalRequests += 1;
    forward(req, res, target, {
      path,
      headers: requestHeaders(req.rawHeaders, req.headers, {
        clientIp: clientIp(req),
        listenerPort: String(listener.port),
        nowMs,
        dropInvalidHeaders: listener.dropInvalidHeaders,
      }),
      setCookies: sticky > 0 ? listener.cookies.issue(backend.targets.arn, nowMs, sticky) : [],
      onOutcome: (outcome) => count(listener, backend, target.zone, clock.now(), outcome),
    });
  };

  return {
    countRefusal: (listener, status) => listener.metrics.answered(clock.now(), status),
    handle(listener, req, res) {
      const path = originForm(req);
      const refusal = refusalOf(req, path);
      if (refusal !== undefined) {
        ownError(listener, res, refusal);
        return;
      }
      const facts = factsOf(req, path);
      const action = route(listener, facts);
      switch (action.type) {
        case "forward":
          forwardTo(listener, action, path, req, res);
          return;
        case "fixed-response":
          listener.metrics.answered(clock.now(), Number(action.statusCode));
          answerFixed(res, action);
          return;
        case "redirect":
          listener.metrics.answered(clock.now(), Number(action.statusCode.slice(-3)));
          answerRedirect(req, res, action, facts, listener.port);
      }
    },
  };
}

function count(
  listener: CompiledListener,
  backend: Backend,
  zone: string,
  nowMs: number,
  outcome: Outcome,
): void {
  const inZone = backend.zoneMetrics(zone);
  switch (outcome.kind) {
    case "answered":
      backend.metrics.answered(nowMs, outcome.status, outcome.seconds);
      inZone.answered(nowMs, outcome.status, outcome.seconds);
      return;
    case "failed":
      backend.metrics.unanswered(nowMs);
      inZone.unanswered(nowMs);
      if (!outcome.connected) {
        backend.metrics.connectionFailed(nowMs);
        inZone.connectionFailed(nowMs);
      }
      listener.metrics.answered(nowMs, outcome.status);
      return;
    case "client-left":
      backend.metrics.unanswered(nowMs);
      inZone.unanswered(nowMs);
      listener.metrics.answered(nowMs, CLIENT_LEFT);
  }
}

/** RFC 9112, 3.2.2: a server must also accept the absolute form; targets get path and query. */
function originForm(req: IncomingMessage): string {
  const url = req.url ?? "/";
  if (url.startsWith("/")) return url;
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.pathname}${parsed.search}`;
}

function factsOf(req: IncomingMessage, path: string): RequestFacts {
  const question = path.indexOf("?");
  return {
    method: req.method ?? "GET",
    path: question === -1 ? path : path.slice(0, question),
    query: question === -1 ? "" : path.slice(question + 1),
    headers: req.headers,
    sourceIp: clientIp(req),
  };
}

function clientIp(req: IncomingMessage): string {
  return req.socket.remoteAddress ?? "127.0.0.1";
}
