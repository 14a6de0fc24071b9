import { createHash } from "node:crypto";

/**
 * One text for each value: JSON without blanks, the names of an object sorted by UTF-16 units, as RFC 8785 has it. What
 * JSON leaves out (undefined) is left out.
 */
export const canonical = (value: unknown): string => written(JSON.parse(JSON.stringify(value)));

function written(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  const names = Object.keys(value).toSorted();
  // An object of JSON.parse is a record of its names.
  const fields = value as Readonly<Record<string, unknown>>;
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(fields[name])}`).join(",")}}`;
}

export const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

export const digestOfAll = (digests: readonly string[]): string =>
  sha256(digests.map((digest) => `${digest}\n`).join(""));
