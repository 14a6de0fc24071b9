import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { LocalKeys } from "./address.ts";

/**
 * Signature Version 4 as the calls of AWS's APIs carry it: in the header, over the path `/` without a query. Source:
 * AWS General Reference, "Create a signed AWS API request". The SDK's signer cannot do this: it signs the headers that
 * it chooses, and a check has to take those that the client chose.
 */
export interface SignedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came, before anything is decompressed. */
  readonly body: Buffer;
}

/** Why a call is not carried out. */
export interface Refusal {
  readonly kind: "missing" | "incomplete" | "unknownKey" | "notNow" | "mismatch";
  readonly message: string;
}

/** What the Authorization header claims. */
interface Claim {
  readonly scope: readonly [date: string, region: string, service: string];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20150830T123600Z`. */
  readonly at: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
/** AWS takes a signature for 15 minutes, in both directions of its clock. */
const WINDOW_MS = 15 * 60_000;

/** What the headers alone show to be wrong, so that the body of a stranger is never read. */
export function refuseClaim(
  headers: IncomingHttpHeaders,
  keys: LocalKeys,
  nowMs: number,
): Refusal | undefined {
  const claim = readClaim(headers, keys.accessKeyId);
  return "kind" in claim ? claim : outOfTime(claim.at, nowMs);
}

/** Undefined when the request is signed with the keys, now, and with this body. */
export function refuseSignature(request: SignedRequest, keys: LocalKeys, nowMs: number): Refusal | undefined {
  const claim = readClaim(request.headers, keys.accessKeyId);
  if ("kind" in claim) return claim;
  const late = outOfTime(claim.at, nowMs);
  if (late !== undefined) return late;
  const announced = request.headers["x-amz-content-sha256"];
  const isOther = announced !== undefined && announced !== sha256(request.body);
  const expected = signatureOf(request, claim, keys.secretAccessKey);
  if (!isOther && sameText(expected, claim.signature)) return undefined;
  return {
    kind: "mismatch",
    message:
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  };
}

/** Whether two texts are equal, in a time that says nothing about where they differ. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function readClaim(headers: IncomingHttpHeaders, accessKeyId: string): Claim | Refusal {
  const { authorization } = headers;
  if (authorization === undefined)
    return { kind: "missing", message: "Request is missing Authentication Token" };
  const incomplete = (what: string): Refusal => ({ kind: "incomplete", message: what });
  if (!authorization.startsWith(`${ALGORITHM} `)) return incomplete(`Authorization is not ${ALGORITHM}`);
  const parts = new Map(
    authorization
      .slice(ALGORITHM.length + 1)
      .split(",")
      .map((part) => part.trim().split(/=(.*)/s))
      .map(([name = "", value = ""]) => [name, value]),
  );
  const absent = ["Credential", "SignedHeaders", "Signature"].find((name) => !parts.get(name));
  if (absent !== undefined) return incomplete(`Authorization header requires '${absent}' parameter`);
  const [key, date = "", region = "", service = "", end, ...more] = (parts.get("Credential") ?? "").split(
    "/",
  );
  const at = headers["x-amz-date"];
  if (typeof at !== "string" || !/^\d{8}T\d{6}Z$/.test(at))
    return incomplete("X-Amz-Date must be YYYYMMDD'T'HHMMSS'Z'");
  if (end !== "aws4_request" || more.length > 0 || !at.startsWith(`${date}T`))
    return incomplete("Credential must be <key>/<date of X-Amz-Date>/<region>/<service>/aws4_request");
  if (key === undefined || !sameText(key, accessKeyId))
    return { kind: "unknownKey", message: "The security token included in the request is invalid" };
  const signedHeaders = (parts.get("SignedHeaders") ?? "").split(";");
  // Host, and whatever of AWS's own is there: else a header could be changed under a good signature.
  const wanted = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const unsigned = wanted.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length > 0) return incomplete(`'${unsigned.join("', '")}' must be in SignedHeaders`);
  return { scope: [date, region, service], signedHeaders, signature: parts.get("Signature") ?? "", at };
}

function outOfTime(at: string, nowMs: number): Refusal | undefined {
  const sentMs = Date.parse(at.replace(/^(....)(..)(..T..)(..)(..)Z$/, "$1-$2-$3:$4:$5Z"));
  const now = compact(nowMs);
  if (sentMs < nowMs - WINDOW_MS)
    return {
      kind: "notNow",
      message: `Signature expired: ${at} is now earlier than ${compact(nowMs - WINDOW_MS)} (${now} - 15 min.)`,
    };
  if (sentMs <= nowMs + WINDOW_MS) return undefined;
  // Also what is no date at all, such as the 99th of a month.
  return {
    kind: "notNow",
    message: `Signature not yet current: ${at} is still later than ${compact(nowMs + WINDOW_MS)} (${now} + 15 min.)`,
  };
}

const compact = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");

function signatureOf({ method, headers, body }: SignedRequest, claim: Claim, secret: string): string {
  const lines = claim.signedHeaders.map((name) => `${name}:${canonical(headers[name])}`);
  const request = [method, "/", "", ...lines, "", claim.signedHeaders.join(";"), sha256(body)].join("\n");
  const scope = [...claim.scope, "aws4_request"];
  const toSign = [ALGORITHM, claim.at, scope.join("/"), sha256(request)].join("\n");
  const key = scope.reduce<Buffer | string>((signing, part) => hmac(signing, part), `AWS4${secret}`);
  return hmac(key, toSign).toString("hex");
}

/** Values of one name are joined by commas; blanks at the ends are cut, runs of them are one. */
const canonical = (value: string | readonly string[] | undefined) =>
  [value ?? ""].flat().join(",").trim().replaceAll(/ +/g, " ");

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** The Authorization header for these headers, which name at least `host` and `x-amz-date`. */
export function sign(
  request: SignedRequest,
  { accessKeyId, secretAccessKey }: LocalKeys,
  region: string,
  service: string,
): string {
  const signedHeaders = Object.keys(request.headers).toSorted();
  const at = String(request.headers["x-amz-date"]);
  const scope = [at.slice(0, 8), region, service] as const;
  const signature = signatureOf(request, { scope, signedHeaders, signature: "", at }, secretAccessKey);
  return `${ALGORITHM} Credential=${accessKeyId}/${scope.join("/")}/aws4_request, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
}
