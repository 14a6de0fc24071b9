import { AwsError, notSimulated } from "../../aws-api/errors.ts";

/**
 * An operation's input in the SDK's type. Refuses, by name, every member that is not in `members`: those have no effect
 * here, and ignoring them would be a lie.
 */
export function elbInput<Input extends object>(
  operation: string,
  members: readonly (keyof Input & string)[],
  raw: Record<string, unknown>,
): Input {
  refuseOthers(`${operation} parameter`, raw, new Set<string>(members));
  // The wire decoder and the provider both build the SDK's shapes; values are validated where they are used.
  return raw as Input;
}

/** Refuses the members of a structure that are not known. An empty list is as good as none. */
export function refuseOthers(what: string, structure: object, known: ReadonlySet<string>): void {
  for (const [member, value] of Object.entries(structure)) {
    if (known.has(member) || value === undefined) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw notSimulated("Elastic Load Balancing", `${what} ${member}`);
  }
}

export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

export function requireText(what: string, value: unknown): string {
  if (typeof value !== "string" || value === "") throw validationError(`${what} is required`);
  return value;
}

/** An integer from `min` to `max`, both allowed; `fallback` when the value is undefined. */
export function integerIn(
  what: string,
  value: number | undefined,
  min: number,
  max: number,
  fallback?: number,
): number {
  const number = value ?? fallback;
  if (number === undefined) throw validationError(`${what} is required`);
  if (!Number.isInteger(number) || number < min || number > max)
    throw validationError(`${what} '${number}' must be an integer between ${min} and ${max}`);
  return number;
}

/** One of the values that are simulated; `fallback` when undefined. */
export function simulatedOnly<T extends string>(
  what: string,
  value: string | undefined,
  simulated: readonly [T, ...T[]],
): T {
  if (value === undefined) return simulated[0];
  const found = simulated.find((one) => one === value);
  if (found === undefined) throw notSimulated("Elastic Load Balancing", `${what} ${value}`);
  return found;
}

/** ELB API: up to 32 alphanumeric characters or hyphens, neither first nor last a hyphen. */
export function checkName(what: string, name: unknown): string {
  const text = requireText(`${what} name`, name);
  if (text.length > 32) throw validationError(`${what} name '${text}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(text) || text.startsWith("-") || text.endsWith("-"))
    throw validationError(
      `${what} name '${text}' can only contain characters that are alphanumeric characters or hyphens(-), and cannot begin or end with a hyphen`,
    );
  return text;
}

/** One page of a list. ELB API: PageSize 1-400; the marker is opaque (here the position). */
export function page<T>(
  items: readonly T[],
  { Marker, PageSize }: { Marker?: string | undefined; PageSize?: number | undefined },
): { items: readonly T[]; NextMarker?: string } {
  const size = integerIn("PageSize", PageSize, 1, 400, 400);
  const start = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(start) || start < 0) throw validationError(`Marker '${Marker}' is not valid`);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { NextMarker: String(end) } : {}),
  };
}
