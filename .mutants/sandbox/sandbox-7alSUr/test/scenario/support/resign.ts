import type { IncomingHttpHeaders } from "node:http";
import type { LocalKeys } from "../../../packages/local-cloud/access/address.ts";
import { sign } from "../../../packages/local-cloud/access/signature.ts";

/**
 * The headers of a request that a door before the local cloud passes on. A signature covers the host that the client
 * asked, which is the door's, so the door signs with the same keys for the host behind it.
 */
export function resigned(
  {
    headers,
    method,
    body,
  }: { readonly headers: IncomingHttpHeaders; readonly method: string; readonly body: string },
  upstream: { readonly url: string } & LocalKeys,
): IncomingHttpHeaders {
  const { host: _host, connection: _connection, "content-length": _length, ...own } = headers;
  const [, region, service] = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(own.authorization ?? "") ?? [];
  if (region === undefined || service === undefined) return own;
  const amazon = Object.entries(own).filter(([name]) => name.startsWith("x-amz-"));
  const covered = { host: new URL(upstream.url).host, ...Object.fromEntries(amazon) };
  const authorization = sign(
    { method, headers: covered, body: Buffer.from(body) },
    upstream,
    region,
    service,
  );
  return { ...own, authorization };
}
