import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { pageFile } from "./files.ts";
import { PRIVATE_HEADERS } from "../../../packages/local-cloud/aws-api/private-headers.ts";
import { refusal } from "./guard.ts";
import { listenHere } from "./listen.ts";

/** What the page asks for: parsed JSON in, JSON out. Throws `Refused` for what cannot be answered. */
export type ConsoleApi = (request: {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}) => Promise<unknown>;

/** Pages that are not the console's own, with a policy of their own; undefined: there is none at that path. */
export type OtherPages = (
  path: string,
) => Promise<{ readonly type: string; readonly body: Buffer; readonly policy: string } | undefined>;

/** The asking side's mistake. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface ConsoleServer {
  /** With the token behind `#`, which no browser sends anywhere. */
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** Carries on a connection that another process has taken. */
  readonly server: Server;
  close(): Promise<void>;
}

const MOST_BYTES = 64 * 1024;
const policyWith = (styles: readonly string[]) =>
  `default-src 'none'; script-src 'self'; style-src ${["self", ...styles].map((source) => `'${source}'`).join(" ")}; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
const POLICY = policyWith([]);

export const newToken = (): string => randomBytes(32).toString("base64url");

/** Serves the page and its API on 127.0.0.1 alone. `port` 0: any. `shared`: where another process listens already. */
export async function serveConsole(
  api: ConsoleApi,
  {
    port: wanted = 0,
    token = newToken(),
    shared,
    pages,
  }: { port?: number; token?: string; shared?: number; pages?: OtherPages },
): Promise<ConsoleServer> {
  let port = shared ?? 0;
  const server = createServer((request, response) => {
    answer(api, request, { port, token, pages })
      .catch(failed)
      .then((sent) => send(response, sent, request))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  if (shared === undefined) port = await listenHere(server, wanted);
  return {
    address: addressOf(port, token),
    port,
    token,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const addressOf = (port: number, token: string): string => `http://127.0.0.1:${port}/#token=${token}`;

interface Sent {
  readonly status: number;
  /** undefined: that of the console's own page. */
  readonly policy?: string;
  readonly type: string;
  readonly body: string | Buffer;
}

const json = (status: number, value: unknown): Sent => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

async function answer(
  api: ConsoleApi,
  request: IncomingMessage,
  server: { readonly port: number; readonly token: string; readonly pages: OtherPages | undefined },
): Promise<Sent> {
  const { method = "", headers } = request;
  // RFC 9112, 3.2: a target that is no path (`//`, `*`, another host's address) is of nothing that is here.
  const target = `http://127.0.0.1:${server.port}${request.url ?? "/"}`;
  const url = request.url?.startsWith("/") === false ? null : URL.parse(target);
  if (url === null) return json(400, { error: { message: "The request names no path." } });
  const refused = refusal({ method, path: url.pathname, headers }, server);
  if (refused !== undefined) return json(refused.status, { error: { message: refused.why } });
  if (url.pathname.startsWith("/api/"))
    return json(200, await api({ method, url, body: await bodyOf(request) }));
  const other = method === "GET" ? await server.pages?.(url.pathname) : undefined;
  if (other !== undefined) return { status: 200, ...other };
  const file = method === "GET" ? await pageFile(url.pathname) : undefined;
  if (file === undefined)
    return json(404, { error: { message: `Nothing is at ${method} ${url.pathname}.` } });
  const { type, body, styles = [] } = file;
  return { status: 200, type, body, policy: policyWith(styles) };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.method !== "POST") return undefined;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request) {
      // Without an encoding a stream of a request gives buffers.
      const bytes = part as Buffer;
      length += bytes.length;
      if (length > MOST_BYTES) throw new Refused(413, `At most ${MOST_BYTES} bytes are read.`);
      parts.push(bytes);
    }
  } catch (error) {
    // Whoever asks went away before the end: nobody hears the answer, and nothing is wrong here.
    throw request.complete || error instanceof Refused ? error : new Refused(400, "The request was cut.");
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch (error) {
    throw new Refused(400, `That is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failed(error: unknown): Sent {
  if (error instanceof Refused) return json(error.status, { error: { message: error.message } });
  process.stderr.write(
    `console: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return json(500, { error: { message: error instanceof Error ? error.message : String(error) } });
}

const compressed = promisify(gzip);
/** Below that the headers are as long. */
const WORTH_COMPRESSING_BYTES = 1024;

/** What the page has already is not sent again; what is long comes compressed, for a console behind an SSH tunnel. */
async function send(
  response: ServerResponse,
  { status, type, body, policy = POLICY }: Sent,
  { headers }: IncomingMessage,
): Promise<void> {
  const etag = `"${createHash("sha1").update(body).digest("base64url")}"`;
  const isKnown = status === 200 && headers["if-none-match"] === etag;
  const takesGzip = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
  const isLong = !isKnown && takesGzip && Buffer.byteLength(body) > WORTH_COMPRESSING_BYTES;
  const sent = isLong ? await compressed(body) : body;
  response.writeHead(isKnown ? 304 : status, {
    ...PRIVATE_HEADERS,
    "content-security-policy": policy,
    "content-type": type,
    ...(isLong ? { "content-encoding": "gzip" } : {}),
    vary: "accept-encoding",
    etag,
  });
  response.end(isKnown ? undefined : sent);
}
