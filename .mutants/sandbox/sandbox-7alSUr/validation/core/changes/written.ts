import { isRecord } from "../../../contract/config/field.ts";

export const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

/** A section of a stack's configuration as it was deployed, without defaults: `blue`, `service`. Empty: there is none. */
export const written = (
  raw: Readonly<Record<string, string>>,
  section: string,
): Readonly<Record<string, unknown>> => asRecord(JSON.parse(raw[section] ?? "{}"));

/** The slot as it was deployed, with more in its copy of `service`. */
export function withService(raw: Readonly<Record<string, string>>, slot: string, more: object) {
  const own = written(raw, slot);
  return { ...own, service: { ...asRecord(own["service"]), ...more } };
}
