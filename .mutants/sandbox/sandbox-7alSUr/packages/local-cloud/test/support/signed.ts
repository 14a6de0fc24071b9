import { bearer } from "../../access/address.ts";
import { sign } from "../../access/signature.ts";
import { TEST_KEYS } from "./local-keys.ts";

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** The headers of a request that has the right to be answered: signed for AWS's door, with the token for any other. */
export function withKeys(sent: Sent, port: number, nowMs = Date.now()): Record<string, string> {
  const { method = "POST", path = "/", headers = {}, body = "" } = sent;
  const host = headers["host"] ?? `127.0.0.1:${port}`;
  if (path !== "/" || method !== "POST") return { ...bearer(TEST_KEYS), ...headers };
  const date = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const own = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"));
  const covered = { host, "x-amz-date": date, ...Object.fromEntries(own) };
  const request = { method, headers: covered, body: Buffer.from(body) };
  return { authorization: sign(request, TEST_KEYS, "us-east-1", "example"), ...headers, ...covered };
}
