import type { IncomingMessage } from "node:http";

// RFC 9110, 7.6.1: they are about one connection.
const OF_A_CONNECTION = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A message's headers that go on to the other side, name, value, name, value, as they were written. */
export function forwardedHeaders(message: IncomingMessage, without: readonly string[] = []): string[] {
  const named = (message.headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  return headersWithout(
    message.rawHeaders,
    (name) => OF_A_CONNECTION.has(name) || named.includes(name) || without.includes(name),
  );
}

/** Of name, value, name, value… those that are not left out; it is asked by names in lower case. */
export function headersWithout(headers: readonly string[], isLeftOut: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = headers.slice(at, at + 2);
    if (!isLeftOut(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
