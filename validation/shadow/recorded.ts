import { isRecord } from "../../contract/config/field.ts";
import type { Question } from "../protocols/ask.ts";

/** A request that a user made, and its line in the file, from 1. */
export interface RecordedRequest {
  readonly line: number;
  readonly question: Question;
}

/** What of a file can be asked again, and why the rest cannot: how many lines by reason. */
export interface Recorded {
  readonly requests: readonly RecordedRequest[];
  readonly skipped: ReadonlyMap<string, number>;
}

const METHODS = ["GET", "POST", "PUT", "PATCH"] as const satisfies readonly Question["method"][];
const isMethod = (value: unknown): value is Question["method"] => METHODS.some((method) => method === value);

/**
 * Headers that are the connection's (RFC 9110, 7.6.1), are made anew, or name the user's session or the slot: a shadow
 * acts for nobody. `authorization` stays, for a model may want it.
 */
const NOT_AGAIN = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-slot",
  "x-slot-token",
]);

/** `POST /predict`: what may be asked again, because asking changes nothing. */
export interface SafeRequest {
  readonly method: string;
  readonly path: string;
}

export const safeWords = ({ method, path }: SafeRequest): string => `${method} ${path}`;

/**
 * Reads lines of JSON: `{method, path, headers?, body?}`, or the agent's `{"prediction": {method?, path?, contentType?, input}}`. Other
 * lines are counted: a log has them, too.
 * @param predictPath of the active slot, for lines that name no path.
 */
export function readRecorded(text: string, predictPath: string, safe: readonly SafeRequest[]): Recorded {
  const requests: RecordedRequest[] = [];
  const skipped = new Map<string, number>();
  for (const [at, written] of text.split("\n").entries()) {
    if (written.trim() === "") continue;
    const found = questionIn(written, predictPath);
    const checked = "missing" in found ? found : checkedBy(found, safe);
    if ("missing" in checked) skipped.set(checked.missing, (skipped.get(checked.missing) ?? 0) + 1);
    else requests.push({ line: at + 1, question: checked });
  }
  return { requests, skipped };
}

/** The body of the first line that has one, as JSON: some servers are known only by what they answer to such. */
export function firstInput(text: string): unknown {
  for (const written of text.split("\n")) {
    const line = parsed(written);
    if (!isRecord(line)) continue;
    const captured = line["prediction"];
    const body = isRecord(captured) ? captured["input"] : line["body"];
    if (body !== undefined) return typeof body === "string" ? (parsed(body) ?? body) : body;
  }
  return undefined;
}

/** The path itself, without what stands behind `?`, must have been declared. */
function checkedBy(
  question: Question,
  safe: readonly SafeRequest[],
): Question | { readonly missing: string } {
  const { method, path } = question;
  const [own = path] = path.split("?");
  const isSafe = safe.some((one) => one.method === method && one.path === own);
  return isSafe ? question : { missing: `${method} ${own} is not declared safe` };
}

const NEITHER = 'neither {"method", "path", "headers", "body"} nor {"prediction": {…, "input"}}';

function questionIn(written: string, predictPath: string): Question | { readonly missing: string } {
  const line = parsed(written);
  if (!isRecord(line)) return { missing: NEITHER };
  const captured = line["prediction"];
  if (isRecord(captured)) {
    const { method = "POST", path = predictPath, contentType, input } = captured;
    if (input === undefined) return { missing: "of its request there is a digest alone" };
    const headers = typeof contentType === "string" ? { "content-type": contentType } : {};
    return questionOf({ method, path, headers, body: input });
  }
  return questionOf(line);
}

function questionOf({ method, path, headers = {}, body }: Readonly<Record<string, unknown>>) {
  if (typeof method !== "string") return { missing: NEITHER };
  if (!isMethod(method)) return { missing: `method ${method} may change something` };
  if (typeof path !== "string" || !path.startsWith("/")) return { missing: NEITHER };
  if (!isRecord(headers)) return { missing: "headers that are no object" };
  const kept = Object.entries(headers).flatMap(([name, value]) => {
    const key = name.toLowerCase();
    return typeof value === "string" && !NOT_AGAIN.has(key) ? [[key, value] as const] : [];
  });
  const { "content-type": contentType, ...others } = Object.fromEntries(kept);
  return {
    method,
    path,
    ...(contentType === undefined ? {} : { contentType }),
    ...(Object.keys(others).length === 0 ? {} : { headers: others }),
    // No fetch sends a body with GET.
    ...(body === undefined || method === "GET"
      ? {}
      : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line that is no JSON is refused by whoever asked.
    return undefined;
  }
}
