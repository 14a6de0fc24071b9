import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { LocalKeys } from "../access/address.ts";
import { sameText, type Refusal } from "../access/signature.ts";
import { withHint } from "../hints.ts";
import { AwsError } from "./errors.ts";

/** What anybody may ask: whether a cloud runs here, and how late it is. */
const FREE = "/clock";
/** A browser opens it with the token in the address; its script then sends the token in the header. */
const PAGE = "/dashboard";

/**
 * A web page may make a browser send requests to 127.0.0.1: by its own name pointed at this address (DNS rebinding,
 * seen in Host), or from another site or port (seen in Origin). None of them is a user of this cloud, and neither are
 * the models, whose answers a browser takes for pages of another port of this host.
 */
export function refuseForeign({ headers, url = "" }: IncomingMessage, port: number): void {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = "absent", origin } = headers;
  if (!own.includes(host))
    throw new AwsError("AccessDenied", `the Host header must be ${own.join(" or ")}; it is ${host}`, 403);
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`))
    throw new AwsError("AccessDenied", `requests of web pages from ${origin} are not served`, 403);
  // HTTP also allows an address of another host here, as proxies get it.
  if (!url.startsWith("/")) throw new AwsError("UnknownPath", "the request names no path", 404);
}

/** Throws when the request does not carry the token, in its header or, for the page, in its address. */
export function refuseWithoutToken(
  { headers, method }: IncomingMessage,
  url: URL,
  { token }: LocalKeys,
  hint?: string,
): void {
  if (url.pathname === FREE) return;
  const inHeader = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  const inAddress = method === "GET" && url.pathname === PAGE ? url.searchParams.get("token") : undefined;
  const given = inHeader ?? inAddress ?? undefined;
  if (given !== undefined && sameText(given, token)) return;
  throw new AwsError(
    "AccessDenied",
    withHint(`${url.pathname} needs the token of this local cloud`, ": ", hint),
    401,
  );
}

/** The answer to `?challenge=…`: only who has the keys can give it, so that no token is sent to another program. */
export function proofOf({ token }: LocalKeys, url: URL): { readonly proof?: string } {
  const challenge = url.searchParams.get("challenge");
  return challenge === null ? {} : { proof: proof(token, challenge) };
}

export const proof = (token: string, challenge: string) =>
  createHmac("sha256", token).update(`clock ${challenge}`).digest("base64url");

export type Protocol = "json" | "query";

/**
 * The names and status codes of AWS: "Common Errors" of Elastic Load Balancing for the query protocol, "Error
 * handling" of DynamoDB, which lists those of the JSON protocols.
 */
const WORDS: Readonly<Record<Refusal["kind"], Readonly<Record<Protocol, readonly [string, number]>>>> = {
  missing: { query: ["MissingAuthenticationToken", 403], json: ["MissingAuthenticationTokenException", 400] },
  incomplete: { query: ["IncompleteSignature", 400], json: ["IncompleteSignatureException", 400] },
  unknownKey: { query: ["InvalidClientTokenId", 403], json: ["UnrecognizedClientException", 400] },
  notNow: { query: ["SignatureDoesNotMatch", 403], json: ["InvalidSignatureException", 400] },
  mismatch: { query: ["SignatureDoesNotMatch", 403], json: ["InvalidSignatureException", 400] },
};

/** What a caller without the keys reads; `hint` says where they are. */
export function asAwsSays({ kind, message }: Refusal, protocol: Protocol, hint?: string): AwsError {
  const [code, status] = WORDS[kind][protocol];
  const isStranger = kind === "missing" || kind === "incomplete" || kind === "unknownKey";
  return new AwsError(code, isStranger ? withHint(message, ". ", hint) : message, status);
}
