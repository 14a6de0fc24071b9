import * as v from "valibot";

import { AwsError, notSimulated } from "../aws-api/errors.ts";

/** Errors by the names that the SDK gives them; boto3 and the AWS CLI show the older codes (see aws-api/cloudwatch.ts). */
export const validationError = (message: string) => new AwsError("ValidationException", message);
export const invalidValue = (message: string) => new AwsError("InvalidParameterValueException", message);
export const invalidCombination = (message: string) =>
  new AwsError("InvalidParameterCombinationException", message);
export const missingParameter = (message: string) =>
  new AwsError("MissingRequiredParameterException", message);

/**
 * Reads one operation's input. A parameter that the schema does not know is refused by name: ignoring it could
 * change what the answer means.
 * @throws AwsError `ValidationException` with all problems, or `NotSimulated`.
 */
export function parseInput<Schema extends v.GenericSchema>(
  operation: string,
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    if (issue.type === "strict_object" && issue.expected === "never") {
      throw notSimulated("CloudWatch", `the parameter ${pathOf(issue)} of ${operation}`);
    }
  }
  const problems = result.issues.map(describe);
  const errors = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
  throw validationError(`${errors} detected: ${problems.join("; ")}`);
}

// The wording of AWS's own request validation.
function describe(issue: v.BaseIssue<unknown>): string {
  const value = issue.input === undefined ? "null" : `'${short(issue.input)}'`;
  const missing = issue.type === "strict_object" || issue.input === undefined;
  const constraint = missing ? "Member must not be null" : issue.message;
  return `Value ${missing ? "null" : value} at '${pathOf(issue)}' failed to satisfy constraint: ${constraint}`;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map((item) => (typeof item.key === "number" ? item.key + 1 : item.key));
  return keys.map((key) => (typeof key === "number" ? `member.${key}` : String(key))).join(".");
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

export function text(minimum: number, maximum: number) {
  return v.pipe(
    v.string("Member must be a string"),
    v.minLength(minimum, `Member must have length greater than or equal to ${minimum}`),
    v.maxLength(maximum, `Member must have length less than or equal to ${maximum}`),
  );
}

export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return v.pipe(
    v.number("Member must be a number"),
    v.integer("Member must be an integer"),
    v.minValue(minimum, `Member must have value greater than or equal to ${minimum}`),
    v.maxValue(maximum, `Member must have value less than or equal to ${maximum}`),
  );
}

// CloudWatch over AWS JSON writes numbers that JSON lacks as these strings.
const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

/** A double; may be NaN or infinite. */
export const double = v.union(
  [
    v.number(),
    v.nan(),
    v.pipe(
      v.picklist(Object.keys(NON_FINITE)),
      v.transform((name) => NON_FINITE[name] ?? Number.NaN),
    ),
  ],
  "Member must be a number",
);

/** Epoch milliseconds from a Date, or from the epoch seconds of AWS JSON. */
export const timestampMs = v.union(
  [
    v.pipe(
      v.date(),
      v.transform((date) => date.getTime()),
    ),
    v.pipe(
      v.number(),
      v.finite(),
      v.transform((seconds) => Math.round(seconds * 1000)),
    ),
  ],
  "Member must be a timestamp",
);

export function oneOf<const Options extends readonly string[]>(options: Options) {
  return v.picklist(options, `Member must satisfy enum value set: [${options.join(", ")}]`);
}

export function list<Item extends v.GenericSchema>(item: Item, maximum: number) {
  return v.pipe(
    v.array(item, "Member must be a list"),
    v.maxLength(maximum, `Member must have length less than or equal to ${maximum}`),
  );
}

export const boolean = v.boolean("Member must be true or false");

/** A slice of an answer and the token of the next one. @throws AwsError `InvalidNextToken`. */
export function page<Item>(all: readonly Item[], size: number, token: string | undefined) {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || from > all.length) {
    throw new AwsError("InvalidNextToken", `The token '${token}' is invalid`);
  }
  const items = all.slice(from, from + size);
  const next = from + size < all.length ? String(from + size) : undefined;
  return { items, from, next };
}
