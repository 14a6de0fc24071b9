import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { LocalKeys } from "../access/address.ts";
import { refuseClaim, refuseSignature } from "../access/signature.ts";
import type { Hints } from "../hints.ts";
import { asAwsSays, refuseForeign, refuseWithoutToken, type Protocol } from "./door.ts";
import { AwsError } from "./errors.ts";
import type { Guard } from "./guard.ts";
import type { Admission, JsonService, WireAnswer } from "./json-protocol.ts";
import { answerJson, decodeBody } from "./json-protocol.ts";
import type { QueryAnswer } from "./query-protocol.ts";
import { PRIVATE_HEADERS } from "./private-headers.ts";

const HTML = Symbol("html");

/** What an own path answers to a browser. */
export interface HtmlPage {
  readonly [HTML]: string;
}

export const htmlPage = (text: string): HtmlPage => ({ [HTML]: text });

// A page of ours has its script and its style in itself, asks nobody else, and stands in no other page.
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
};

/** Parsed JSON in (undefined for an empty body), JSON or a page out. An error's `status` becomes the answer's. */
export type ExtraHandler = (request: { method: string; body: unknown; url: URL }) => unknown;

export interface ApiServer {
  /** Listens on 127.0.0.1 only. Port 0 takes a free one. */
  listen(port: number): Promise<{ port: number }>;
  /** Stops listening and closes open connections. */
  close(): Promise<void>;
}

// CloudWatch: a PutMetricData request has at most 1 MB. The local cloud's own paths carry whole plans.
const MAX_AWS_BYTES = 1024 * 1024;
const MAX_EXTRA_BYTES = 16 * 1024 * 1024;

/**
 * The HTTP door of all AWS APIs of the local cloud: AWS JSON by `x-amz-target`, query by form, and the local cloud's
 * own JSON paths (each serves what lies below it too; the longest one wins). Calls of AWS's APIs must be signed with
 * the keys, everything else must carry their token; only `/clock` is free.
 */
export function createApiServer(options: {
  readonly keys: LocalKeys;
  readonly hints?: Pick<Hints, "keys" | "token"> | undefined;
  readonly json: readonly JsonService[];
  readonly query?: (form: string, admission: Admission) => QueryAnswer | Promise<QueryAnswer>;
  readonly extra?: Readonly<Record<string, ExtraHandler>>;
  /** Looks at each call of an AWS API before it is carried out; everything passes when absent. */
  readonly guard?: Guard | undefined;
  /** Awaited before each answer is sent, so that no client acts on what a kill would undo. */
  readonly settled?: () => Promise<void>;
  /** Gets our own defects, which the caller sees as status 500; standard error when absent. */
  readonly onFault?: (fault: unknown) => void;
}): ApiServer {
  const onFault = options.onFault ?? ((fault: unknown) => console.error("local cloud API:", fault));

  async function answer(request: IncomingMessage): Promise<WireAnswer> {
    refuseForeign(request, port);
    if (request.url === "/" && request.method === "POST") return answerAws(request);
    const url = new URL(`http://127.0.0.1${request.url}`);
    refuseWithoutToken(request, url, options.keys, options.hints?.token);
    const extra = findExtra(options.extra ?? {}, url.pathname);
    if (extra !== undefined) return answerExtra(extra, request, url);
    throw new AwsError("UnknownPath", `nothing is served at ${request.method} ${url.pathname}`, 404);
  }

  /** Whose call it is, and its body, which is read of a caller alone who claims to have the keys. */
  async function admit(
    request: IncomingMessage,
    protocol: Protocol,
  ): Promise<{ readonly admission: Admission; readonly body: string }> {
    const { headers, method = "" } = request;
    const role = headers["x-amz-security-token"];
    const admission = { role: typeof role === "string" ? role : undefined, guard: options.guard };
    const early = refuseClaim(headers, options.keys, Date.now());
    if (early !== undefined)
      return {
        admission: { ...admission, refusal: asAwsSays(early, protocol, options.hints?.keys) },
        body: "",
      };
    const bytes = await read(request, MAX_AWS_BYTES);
    const refusal = refuseSignature({ method, headers, body: bytes }, options.keys, Date.now());
    if (refusal !== undefined)
      return {
        admission: { ...admission, refusal: asAwsSays(refusal, protocol, options.hints?.keys) },
        body: "",
      };
    const body = decodeBody(bytes, headers["content-encoding"], MAX_AWS_BYTES);
    return { admission: { ...admission, refusal: undefined }, body };
  }

  async function answerAws(request: IncomingMessage): Promise<WireAnswer> {
    const target = request.headers["x-amz-target"];
    const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
    const { admission, body } = await admit(request, typeof target !== "string" && isForm ? "query" : "json");
    if (typeof target === "string") {
      const service = options.json.find((one) => target.startsWith(`${one.targetPrefix}.`));
      if (service !== undefined) return answerJson(service, target, body, onFault, admission);
      throw (
        admission.refusal ??
        new AwsError("UnknownOperationException", `the local cloud does not simulate ${target}`)
      );
    }
    if (options.query === undefined || !isForm) {
      throw (
        admission.refusal ??
        new AwsError("UnknownOperationException", "the request has neither x-amz-target nor a query form")
      );
    }
    const { status, contentType, body: xml, requestId } = await options.query(body, admission);
    return { status, headers: { "content-type": contentType, "x-amzn-requestid": requestId }, body: xml };
  }

  let port = 0;
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => failure(error, onFault))
      .then(async (done) => {
        await options.settled?.();
        send(response, done);
      })
      // The client went away while we answered; there is nobody to tell.
      .catch(() => response.destroy());
  });

  return {
    listen: (wanted) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(wanted, "127.0.0.1", () => {
          server.off("error", reject);
          // A server that listens on TCP has an AddressInfo.
          ({ port } = server.address() as AddressInfo);
          resolve({ port });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerExtra(handler: ExtraHandler, request: IncomingMessage, url: URL): Promise<WireAnswer> {
  const text = decodeBody(
    await read(request, MAX_EXTRA_BYTES),
    request.headers["content-encoding"],
    MAX_EXTRA_BYTES,
  );
  const body = text.trim() === "" ? undefined : parseJson(text);
  const result = await handler({ method: request.method ?? "GET", body, url });
  if (typeof result === "object" && result !== null && HTML in result)
    return { status: 200, headers: PAGE_HEADERS, body: String(result[HTML]) };
  return json(200, result ?? null);
}

function findExtra(extra: Readonly<Record<string, ExtraHandler>>, path: string): ExtraHandler | undefined {
  const bases = Object.keys(extra).filter((base) => path === base || path.startsWith(`${base}/`));
  const longest = bases.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : extra[longest];
}

async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Node types the chunks of a request stream as any; without setEncoding they are Buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end even when too long: a client that is still sending would not see the answer.
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  if (bytes > maxBytes) {
    throw new AwsError("RequestEntityTooLargeException", `a request body has at most ${maxBytes} bytes`, 413);
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError("SerializationException", `the body is not JSON: ${String(error)}`);
  }
}

function failure(error: unknown, onFault: (fault: unknown) => void): WireAnswer {
  if (error instanceof AwsError) return json(error.status, { __type: error.code, message: error.message });
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  if (!(status >= 400 && status < 500)) onFault(error);
  const message = error instanceof Error ? error.message : String(error);
  return json(status >= 400 && status < 600 ? status : 500, { message });
}

function json(status: number, value: unknown): WireAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { "x-amzn-requestid": randomUUID(), ...PRIVATE_HEADERS, ...headers });
  response.end(body);
}
