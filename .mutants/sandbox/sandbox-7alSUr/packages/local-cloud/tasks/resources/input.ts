import * as v from "valibot";
import { AwsError, notSimulated } from "../../aws-api/errors.ts";
import type { Tags } from "../model.ts";

const NOT_SIMULATED = "not simulated";

/**
 * Reads an operation's input. What is wrong answers with the service's error `code`, by the member's name; members
 * that the schema does not know, or has as `unsupported`, are refused as not simulated.
 */
export function readInput<const Schema extends v.GenericSchema>(
  service: { readonly name: string; readonly code: string },
  operation: string,
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? "input";
  const isUnknownMember = issue.type === "strict_object" && issue.expected === "never";
  if (isUnknownMember || issue.message === NOT_SIMULATED) {
    throw notSimulated(service.name, `${operation} ${path}`);
  }
  throw new AwsError(service.code, `${operation}: ${path}: ${issue.message}`);
}

const ECS = { name: "ECS", code: "InvalidParameterException" };

export function ecsInput<const Schema extends v.GenericSchema>(
  operation: string,
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  return readInput(ECS, operation, schema, input);
}

export const invalidParameter = (message: string) => new AwsError("InvalidParameterException", message);

/** Accepted only where it asks for nothing: absent, false, 0, or without elements. */
export const unsupported = v.optional(
  v.custom<unknown>((value) => {
    if (value === false || value === 0) return true;
    return typeof value === "object" && value !== null && Object.keys(value).length === 0;
  }, NOT_SIMULATED),
);

/** Accepted, answered as given, and acted on by nobody here. */
export const recorded = v.optional(v.unknown());

export const text = v.pipe(v.string(), v.nonEmpty());
export const strings = v.array(v.string());

/** One value is simulated; the others are refused by name. */
export function only<const Value extends string>(value: Value) {
  return v.optional(v.literal(value, NOT_SIMULATED));
}

export function count(min: number, max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
}

export const tagList = v.optional(
  v.array(v.strictObject({ key: v.string(), value: v.optional(v.string(), "") })),
  [],
);

export function toTags(list: readonly { readonly key: string; readonly value: string }[]): Tags {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}

export function fromTags(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** One page of a list, as ECS cuts it; the token is the position of the next element. */
export function page<Item>(
  items: readonly Item[],
  maxResults: number,
  nextToken: string | undefined,
): { items: Item[]; nextToken: string | undefined } {
  const from = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(from) || from < 0) {
    throw invalidParameter("Invalid token in the request");
  }
  const to = from + maxResults;
  return { items: items.slice(from, to), nextToken: to < items.length ? String(to) : undefined };
}
