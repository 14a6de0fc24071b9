import { gunzipSync } from "node:zlib";

import { AwsError } from "./errors.ts";
import type { Guard } from "./guard.ts";
import type { Operations } from "./operations.ts";

/** One service on the AWS JSON protocol. */
export interface JsonService {
  /** As IAM and ARNs write it: `ecs`. */
  readonly service: string;
  /** What stands before the dot in `x-amz-target`. */
  readonly targetPrefix: string;
  readonly jsonVersion: "1.0" | "1.1";
  readonly operations: Operations;
  /**
   * Present for a service that used to speak the query protocol ("awsQueryCompatible"): the old code for an error,
   * where it differs from the new name. It goes into the header `x-amzn-query-error`.
   */
  readonly queryErrorCodes?: Readonly<Record<string, string>>;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whose call it is, and who looks at it first. */
export interface Admission {
  /** As which role of the account; undefined: its owner. */
  readonly role: string | undefined;
  /** Answered instead of the call's own answer, in the words of the protocol. */
  readonly refusal: AwsError | undefined;
  readonly guard: Guard | undefined;
}

/** Of a call within this process. */
export const OWNER: Admission = { role: undefined, refusal: undefined, guard: undefined };

/**
 * Answers one AWS JSON request. Errors of the guard and of the operation become the service's error answers.
 * @param onFault gets what was thrown that is no AwsError: our own defect.
 */
export async function answerJson(
  service: JsonService,
  target: string,
  body: string,
  onFault: (fault: unknown) => void,
  { role, refusal, guard }: Admission = OWNER,
): Promise<WireAnswer> {
  const name = target.slice(target.lastIndexOf(".") + 1);
  const contentType = `application/x-amz-json-${service.jsonVersion}`;
  try {
    if (refusal !== undefined) throw refusal;
    const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
    if (operation === undefined) {
      throw new AwsError("UnknownOperationException", `the local cloud does not simulate ${target}`);
    }
    const input = readBody(body);
    await guard?.({ service: service.service, operation: name, input, role });
    const answer = (await operation(input)) ?? {};
    return { status: 200, headers: { "content-type": contentType }, body: JSON.stringify(toWire(answer)) };
  } catch (error) {
    if (!(error instanceof AwsError)) onFault(error);
    const fault = error instanceof AwsError ? error : internalFailure(error);
    const headers: Record<string, string> = { "content-type": contentType };
    if (service.queryErrorCodes !== undefined) {
      const side = fault.status >= 500 ? "Receiver" : "Sender";
      headers["x-amzn-query-error"] = `${service.queryErrorCodes[fault.code] ?? fault.code};${side}`;
    }
    return {
      status: fault.status,
      headers,
      body: JSON.stringify({ __type: fault.code, message: fault.message }),
    };
  }
}

/** A request body as text; SDKs compress large ones. @throws AwsError when it is not what its encoding says. */
export function decodeBody(body: Buffer, contentEncoding: string | undefined, maxBytes: number): string {
  if (contentEncoding === undefined || contentEncoding === "identity") return body.toString("utf8");
  if (contentEncoding !== "gzip") {
    throw new AwsError("SerializationException", `content-encoding ${contentEncoding} is not supported`, 415);
  }
  try {
    return gunzipSync(body, { maxOutputLength: maxBytes }).toString("utf8");
  } catch (error) {
    throw new AwsError("SerializationException", `the body cannot be decompressed: ${String(error)}`);
  }
}

function readBody(body: string): Record<string, unknown> {
  if (body.trim() === "") return {};
  let parsed: unknown;
  try {
    // In AWS JSON a null member is an absent member.
    parsed = JSON.parse(body, (_key, value: unknown) => (value === null ? undefined : value));
  } catch (error) {
    throw new AwsError("SerializationException", `the body is not JSON: ${String(error)}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new AwsError("SerializationException", "the body is not a JSON object");
  }
  // A JSON object has string keys.
  return parsed as Record<string, unknown>;
}

/** AWS JSON: dates are epoch seconds, and numbers that JSON lacks are the strings NaN, Infinity and -Infinity. */
function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toWire(member)]));
}

function internalFailure(error: unknown): AwsError {
  return new AwsError("InternalServiceFault", `the local cloud failed: ${String(error)}`, 500);
}
