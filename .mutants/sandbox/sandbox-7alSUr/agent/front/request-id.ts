import { createHash, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export const REQUEST_ID = "x-request-id";

/**
 * The request's own id; else the one that an Application Load Balancer gives each request (`Root` of X-Amzn-Trace-Id:
 * ELB guide, "Request tracing"); else a new one.
 */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const own = headers[REQUEST_ID];
  // Whatever else somebody sends has no place in a log.
  if (typeof own === "string" && /^[\x21-\x7e]{1,128}$/.test(own)) return own;
  const trace = headers["x-amzn-trace-id"];
  const root = typeof trace === "string" ? /(?:^|;)\s*Root=([\w-]{1,64})/.exec(trace)?.[1] : undefined;
  return root ?? randomUUID();
}

/** Whether a request is among `percent` of all: the same answer for the same id, in both slots. */
export function isSampled(requestId: string, percent: number): boolean {
  const part = createHash("sha256").update(requestId).digest().readUInt32BE() / 0x1_0000_0000;
  return part * 100 < percent;
}
