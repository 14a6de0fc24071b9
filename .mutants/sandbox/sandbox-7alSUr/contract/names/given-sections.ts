import { isRecord } from "../config/field.ts";
import type { Raw } from "../config/own-keys.ts";

/**
 * Sections that a program gives to a model, in the form of the configuration: `new BlueGreenService("fraud", { service })`.
 * The model's outputs remember them, for the tools, which do not run the program, work by the same settings.
 */
export type RememberedSections = Readonly<Record<string, unknown>>;

/**
 * The stack's configuration over what the program gives, field by field. A value that is no object is left as it is, for
 * the reader to refuse.
 */
export function overGiven(raw: Raw, sections: RememberedSections): Raw {
  const merged = Object.entries(sections).map(([key, section]) => {
    const written = raw[key];
    if (written === undefined) return [key, JSON.stringify(section)];
    const own = objectIn(written);
    return [key, own === undefined ? written : JSON.stringify(over(own, section))];
  });
  return { ...raw, ...Object.fromEntries(merged) };
}

function over(own: unknown, given: unknown): unknown {
  if (!isRecord(own) || !isRecord(given)) return own ?? given;
  const keys = new Set([...Object.keys(given), ...Object.keys(own)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in own ? over(own[key], given[key]) : given[key]]),
  );
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON: the reader says so, with what stands there.
    return undefined;
  }
}
