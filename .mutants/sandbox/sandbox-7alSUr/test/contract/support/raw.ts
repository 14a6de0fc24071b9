import { parseConfig } from "../../../contract/config/parse.ts";

export const DIGEST = `registry.example/digits@sha256:${"a".repeat(64)}`;
export const TOKEN = "0123456789abcdef0123456789abcdef";

/** A configuration in Pulumi's own form: bare keys, values as text, objects as JSON text. */
export function raw(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

export function problemsOf(values: Readonly<Record<string, unknown>>) {
  const parsed = parseConfig(raw(values));
  return parsed.ok ? [] : parsed.problems;
}

export const running = { blue: { image: DIGEST }, green: { image: DIGEST } };
