import { isRecord } from "../is-record.ts";
import { bearer } from "../access/address.ts";
import type { ExtraHandler } from "../aws-api/server.ts";
import { withHint, type Hints } from "../hints.ts";
import {
  NoAnswer,
  PartialFailure,
  type Properties,
  type Provider,
} from "../../pulumi-engine/values/provider.ts";
import { asProperties } from "./shape.ts";

const METHODS = ["check", "diff", "create", "update", "delete", "read", "invoke"] as const;
type MethodName = (typeof METHODS)[number];

/** What travels back. An error is an answer, so that what a half-made resource has become travels with it. */
type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly message: string; readonly partial?: { id: string; outputs: Properties } } };

/** One POST path for each method of the provider, for the API server of the local cloud. */
export function providerRoutes(provider: Provider): Readonly<Record<string, ExtraHandler>> {
  return Object.fromEntries(
    METHODS.map((method) => [`/provider/${method}`, ({ body }) => answer(provider, method, body)]),
  );
}

async function answer(provider: Provider, method: MethodName, body: unknown): Promise<Answer> {
  // Our own client sends exactly the method's request.
  const call = provider[method] as (request: unknown) => Promise<unknown>;
  try {
    return { result: (await call(body)) ?? null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof PartialFailure)) return { error: { message } };
    return { error: { message, partial: { id: error.id, outputs: error.outputs } } };
  }
}

/**
 * The provider of this local cloud, over HTTP; without one each operation says that none answers, and how to start one
 * where a hint says so.
 */
export function httpProvider(
  cloud: { readonly url: string; readonly token: string } | undefined,
  { start }: Pick<Hints, "start"> = {},
): Provider {
  // Port 1 is never ours.
  const { url: baseUrl, token } = cloud ?? { url: "http://127.0.0.1:1", token: "" };
  const call = async <T>(method: MethodName, request: unknown): Promise<T> => {
    const body = await post(new URL(`/provider/${method}`, baseUrl), request, { baseUrl, token, start });
    if ("result" in body) {
      // The other end is `answer` above, which gives what the provider's method gave.
      return (body["result"] ?? undefined) as T;
    }
    throw failure(body);
  };
  return {
    check: (request) => call("check", request),
    diff: (request) => call("diff", request),
    create: (request) => call("create", request),
    update: (request) => call("update", request),
    delete: (request) => call("delete", request),
    read: (request) => call("read", request),
    invoke: (request) => call("invoke", request),
  };
}

interface Door {
  readonly baseUrl: string;
  readonly token: string;
  readonly start: string | undefined;
}

async function post(url: URL, request: unknown, { baseUrl, token, start }: Door): Promise<Properties> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer({ token }) },
      body: JSON.stringify(request),
    });
    text = await response.text();
  } catch (error) {
    const reason = reasonOf(error);
    const said = `the local cloud at ${baseUrl} does not answer (${reason})`;
    const message = withHint(said, "; start it: ", start);
    // Refused means that nothing was sent; anything else may have been carried out all the same.
    throw reason === "ECONNREFUSED" ? new Error(message, { cause: error }) : new NoAnswer(message);
  }
  const body = parse(text);
  if (response.ok && isRecord(body)) return body;
  const said = isRecord(body) && typeof body["message"] === "string" ? body["message"] : text.slice(0, 200);
  throw new Error(`the local cloud at ${baseUrl} answered ${response.status} to ${url.pathname}: ${said}`);
}

function failure(body: Properties): Error {
  const error = asProperties(body["error"]);
  const message = String(error["message"]);
  const partial = error["partial"];
  return isRecord(partial)
    ? new PartialFailure(message, String(partial["id"]), asProperties(partial["outputs"]))
    : new Error(message);
}

/** `fetch` says "fetch failed"; the reason is inside. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever answers there does not speak our language; the caller shows what it said.
    return undefined;
  }
}
