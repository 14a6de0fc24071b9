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
  const kept: string[] = [];
  const { rawHeaders } = message;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = rawHeaders.slice(at, at + 2);
    const lower = name.toLowerCase();
    if (!OF_A_CONNECTION.has(lower) && !named.includes(lower) && !without.includes(lower))
      kept.push(name, value);
  }
  return kept;
}
