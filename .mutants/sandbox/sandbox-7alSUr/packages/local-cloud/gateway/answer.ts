import { STATUS_CODES } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FixedResponseAction, RedirectAction } from "./model.ts";
import type { RequestFacts } from "./match-rule.ts";

const SERVER = "awselb/2.0";

/** An answer of the load balancer itself, in the words of an ALB. */
export function answerError(res: ServerResponse, status: number): void {
  send(res, status, "text/html", errorPage(status));
}

/** The same as bytes, for a connection on which no request could be read; it ends the connection. */
export function rawError(status: number): string {
  const page = errorPage(status);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Server: ${SERVER}`,
    "Content-Type: text/html",
    `Content-Length: ${Buffer.byteLength(page)}`,
    "Connection: close",
    "",
    page,
  ].join("\r\n");
}

export function answerFixed(res: ServerResponse, action: FixedResponseAction): void {
  send(res, Number(action.statusCode), action.contentType ?? "text/plain", action.messageBody ?? "");
}

/** The location: each part is the action's, in which `#{…}` stands for the request's own. */
export function answerRedirect(
  req: IncomingMessage,
  res: ServerResponse,
  action: RedirectAction,
  request: RequestFacts,
  listenerPort: number,
): void {
  const host = req.headers.host ?? "";
  const own: Record<string, string> = {
    protocol: "http",
    host: host.replace(/:\d+$/, ""),
    // The port that the client used: the listener's own one may not be bindable on this machine.
    port: /:(\d+)$/.exec(host)?.[1] ?? String(listenerPort),
    path: request.path.slice(1),
    query: request.query,
  };
  const fill = (text: string) => text.replaceAll(/#\{(\w+)\}/g, (whole, name: string) => own[name] ?? whole);
  const query = fill(action.query);
  res.setHeader(
    "Location",
    `${fill(action.protocol).toLowerCase()}://${fill(action.host)}:${fill(action.port)}${fill(action.path)}${query === "" ? "" : `?${query}`}`,
  );
  const status = action.statusCode === "HTTP_301" ? 301 : 302;
  answerError(res, status);
}

function errorPage(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`;
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

function send(res: ServerResponse, status: number, contentType: string, body: string): void {
  res.writeHead(status, {
    Server: SERVER,
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
  });
  res.end(body);
}
