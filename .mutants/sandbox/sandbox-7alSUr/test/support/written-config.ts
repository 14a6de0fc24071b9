/** Configuration as a person writes it: own keys without namespace, objects as objects. */
export type WrittenConfig = Readonly<Record<string, unknown>>;

/** As Pulumi hands it to a program, but for the project's name before its own keys: objects as JSON text. */
export function rawConfig(written: WrittenConfig): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const [key, value] of Object.entries(written)) {
    raw[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  return raw;
}
