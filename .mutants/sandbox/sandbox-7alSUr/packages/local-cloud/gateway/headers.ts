import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** RFC 9110, 7.6.1: these speak about one connection and are not passed on. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Answered here (100-continue) or rewritten below. */
const NOT_COPIED = new Set([
  ...HOP_BY_HOP,
  "expect",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-amzn-trace-id",
]);

/** ELB API, routing.http.drop_invalid_header_fields: valid names match this. */
const VALID_NAME = /^[-A-Za-z0-9]+$/;

export interface Forwarding {
  readonly clientIp: string;
  readonly listenerPort: string;
  readonly nowMs: number;
  readonly dropInvalidHeaders: boolean;
}

/** The headers for the target, as name, value, name, value…: the client's, with ELB's X-Forwarded-* and trace id. */
export function requestHeaders(
  raw: readonly string[],
  headers: IncomingHttpHeaders,
  forwarding: Forwarding,
): string[] {
  const nominated = nominatedHeaders(headers.connection);
  const out: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const lower = name.toLowerCase();
    if (NOT_COPIED.has(lower) || nominated?.has(lower) === true) continue;
    if (forwarding.dropInvalidHeaders && !VALID_NAME.test(name)) continue;
    out.push(name, raw[i + 1] ?? "");
  }
  const before = headers["x-forwarded-for"];
  const trace = headers["x-amzn-trace-id"];
  out.push(
    "X-Forwarded-For",
    before === undefined ? forwarding.clientIp : `${String(before)}, ${forwarding.clientIp}`,
    "X-Forwarded-Proto",
    "http",
    "X-Forwarded-Port",
    forwarding.listenerPort,
    "X-Amzn-Trace-Id",
    // ELB guide, request tracing: an existing trace keeps its Root and gets a Self in front.
    trace === undefined
      ? `Root=${traceId(forwarding.nowMs)}`
      : `Self=${traceId(forwarding.nowMs)};${String(trace)}`,
  );
  return out;
}

/** The target's headers for the client, as name, value, name, value…, and the cookies of the load balancer. */
export function responseHeaders(headers: IncomingHttpHeaders, setCookies: readonly string[]): string[] {
  const nominated = nominatedHeaders(headers.connection);
  const out: string[] = [];
  for (const name in headers) {
    if (HOP_BY_HOP.has(name) || nominated?.has(name) === true) continue;
    const value = headers[name];
    if (typeof value === "string") out.push(name, value);
    else if (value !== undefined) for (const one of value) out.push(name, one);
  }
  for (const cookie of setCookies) out.push("Set-Cookie", cookie);
  return out;
}

/** RFC 9110, 7.6.1: the Connection header may name further headers of this connection only. */
function nominatedHeaders(connection: string | string[] | undefined): Set<string> | undefined {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return undefined;
  return new Set(
    String(connection)
      .split(",")
      .map((name) => name.trim().toLowerCase()),
  );
}

const tracePrefix = randomBytes(8).toString("hex");
let traceCount = 0;

function traceId(nowMs: number): string {
  traceCount = (traceCount + 1) % 0x1_0000_0000;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return `1-${seconds}-${tracePrefix}${traceCount.toString(16).padStart(8, "0")}`;
}
