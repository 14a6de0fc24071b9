import type { IncomingMessage } from "node:http";

/** ELB quotas, HTTP headers: 16 KB for the request line and 16 KB for a single header. */
const MAX_LINE_BYTES = 16 * 1024;

/** RFC 9110, 7.2: a host and perhaps a port. RFC 3986, 3.2.2: an address in brackets, or a name, which may be empty. */
const HOST = /^(\[[\w:.~!$&'()*+,;=-]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/;

/**
 * The status with which the load balancer refuses a request that node:http could read, or undefined. What is ambiguous
 * or malformed beyond reading (two lengths, a length and chunks, bad chunks) node:http refuses by itself, as AWS does
 * in its strictest desync mitigation mode, whichever mode is set. `path` is the request's target in origin form.
 */
export function refusalOf(req: IncomingMessage, path: string): 400 | 414 | undefined {
  if (!path.startsWith("/")) return 400;
  // ELB guide, HTTP 414: the request URL or query string parameters are too large.
  if (path.length > MAX_LINE_BYTES) return 414;
  let hosts = 0;
  const raw = req.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    // ELB guide, HTTP 400: a single header of more than 16 K.
    if (name.length + (raw[i + 1] ?? "").length > MAX_LINE_BYTES) return 400;
    if (name.length !== 4 || name.toLowerCase() !== "host") continue;
    if (!HOST.test(raw[i + 1] ?? "")) return 400;
    hosts += 1;
  }
  // RFC 9112, 3.2: with a Host that is none, without one in HTTP/1.1, or with more than one, the answer must be 400.
  if (hosts > 1 || (hosts === 0 && req.httpVersion === "1.1")) return 400;
  return undefined;
}
